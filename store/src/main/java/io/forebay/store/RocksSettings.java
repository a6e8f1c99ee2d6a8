package io.forebay.store;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;

/** How the tables of a store are tuned. Owns native objects: close after the database that uses them. */
final class RocksSettings implements AutoCloseable {

    private static final long BLOCK_CACHE_BYTES = 32L << 20;
    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    private static final int BLOCK_BYTES = 4 << 10;
    private static final int BLOOM_BITS_PER_KEY = 10;

    private final List<AbstractNativeReference> owned = new ArrayList<>();
    private final Cache cache = own(new LRUCache(BLOCK_CACHE_BYTES));
    private final BloomFilter bloom = own(new BloomFilter(BLOOM_BITS_PER_KEY));

    ColumnFamilyOptions forTable(EventDatabase.Table table) {
        BlockBasedTableConfig format = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFormatVersion(5);
        if (table == EventDatabase.Table.IDS) {
            format.setFilterPolicy(bloom); // so that a new id, the usual case, costs no disk read
        }
        return own(new ColumnFamilyOptions()
                .setTableFormatConfig(format)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION));
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
    }

    private <T extends AbstractNativeReference> T own(T reference) {
        owned.add(reference);
        return reference;
    }
}
