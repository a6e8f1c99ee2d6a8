package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;

/**
 * The RocksDB options of one store, set to Forebay's defaults and given to {@code tune} of its builder to be changed, as
 * Kafka's {@code RocksDBConfigSetter} does for built-in stores.
 *
 * <p>To change how a table's files are laid out, take the existing configuration
 * ({@code (BlockBasedTableConfig) options.index().tableFormatConfig()}), change it, and set it again. A store that is given another
 * block cache or write buffer manager leaves the bound of its {@link StoreMemory}.
 *
 * <p>Valid while the store is open. Not thread-safe.
 */
public final class RocksOptions {

    /** Large, so that few files are written; how much all of them take together is bounded by {@link StoreMemory}. */
    private static final long WRITE_BUFFER_BYTES = 64L << 20;

    /** RocksDB's default of 1 MiB would be taken by each of the four tables of each store as soon as it holds one row. */
    private static final long ARENA_BLOCK_BYTES = 128L << 10;

    /** What a filter of new ids may take of a write buffer's limit: 0.3 MiB, which it takes as soon as there is a row. */
    private static final double MEMTABLE_FILTER_RATIO = 0.005;

    private static final int BLOCK_BYTES = 4 << 10;
    private static final int BLOOM_BITS_PER_KEY = 10;

    /** What has no method in Java: notices that one of several write-ahead logs is missing. */
    private static final Properties UNNAMED_OPTIONS = new Properties();

    static {
        UNNAMED_OPTIONS.setProperty("track_and_verify_wals", "true");
    }

    private final String store;
    private final StoreKind kind;
    private final List<RocksObject> owned = new ArrayList<>();
    private final DBOptions database = own(DBOptions.getDBOptionsFromProps(UNNAMED_OPTIONS));
    private final Map<Table, ColumnFamilyOptions> tables = new EnumMap<>(Table.class);

    RocksOptions(RocksSettings settings, SharedBuffers memory) {
        this.store = settings.store();
        this.kind = settings.kind();
        database.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(2)
                .setAtomicFlush(true) // or the loss of the end of a manifest leaves tables that do not fit together
                .setWalRecoveryMode(recoveryMode(settings.logged()))
                .setWriteBufferManager(memory.writeBuffers());
        BloomFilter bloom = own(new BloomFilter(BLOOM_BITS_PER_KEY));
        for (Table table : settings.kind().tables()) {
            tables.put(table, own(defaults(table, memory, bloom)));
        }
    }

    /**
     * A damaged write-ahead log is read up to the damage, if the changelog has the rest; without one that would be a silent
     * loss, so that only a last record that was cut off is tolerated (it was never committed).
     */
    private static WALRecoveryMode recoveryMode(boolean logged) {
        return logged ? WALRecoveryMode.PointInTimeRecovery : WALRecoveryMode.TolerateCorruptedTailRecords;
    }

    private static ColumnFamilyOptions defaults(Table table, SharedBuffers memory, BloomFilter bloom) {
        BlockBasedTableConfig format = new BlockBasedTableConfig()
                .setBlockCache(memory.cache())
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch) // or a seek may have to read the whole index of a file
                .setPartitionFilters(true)
                .setMetadataBlockSize(BLOCK_BYTES)
                .setPinTopLevelIndexAndFilter(true)
                .setFormatVersion(5);
        if (table == Table.IDS || table == Table.LATEST) {
            format.setFilterPolicy(bloom); // so that a new id, the usual case, costs no disk read
        }
        ColumnFamilyOptions options = new ColumnFamilyOptions()
                .setTableFormatConfig(format)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setArenaBlockSize(ARENA_BLOCK_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        if (table == Table.IDS) {
            options.setMemtableWholeKeyFiltering(true).setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_RATIO);
        }
        return options;
    }

    /** The name of the store. */
    public String store() {
        return store;
    }

    /** The options of the database as a whole. */
    public DBOptions database() {
        return database;
    }

    /** The options of the events, which are sorted by time: read in ranges, and one by one. */
    public ColumnFamilyOptions events() {
        return table(Table.EVENTS);
    }

    /** The options of the table that leads from an id to an event: read one by one. */
    public ColumnFamilyOptions ids() {
        return table(Table.IDS);
    }

    /** The options of a latest store's rows, which are sorted by key: read one by one, or in ranges. */
    public ColumnFamilyOptions latest() {
        return table(Table.LATEST);
    }

    /** The options of the rows of all indexes: read in ranges. */
    public ColumnFamilyOptions index() {
        return table(Table.INDEX);
    }

    /** The options of all tables, small ones of the store's own included. */
    public Collection<ColumnFamilyOptions> tables() {
        return Collections.unmodifiableCollection(tables.values());
    }

    /** Has a native object closed after the store, such as a filter or a rate limiter made for it. */
    public <T extends RocksObject> T own(T nativeObject) {
        owned.add(nativeObject);
        return nativeObject;
    }

    ColumnFamilyOptions table(Table table) {
        ColumnFamilyOptions options = tables.get(table);
        if (options == null) {
            throw new IllegalStateException("a " + kind + " has no table " + table);
        }
        return options;
    }

    List<RocksObject> owned() {
        return owned;
    }

    /** Closes what it owns, the newest first. To be called after the database is closed. */
    void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
    }
}
