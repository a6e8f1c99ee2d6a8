package io.forebay.benchmarks.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serializer;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB as one would use it without an event store: the same six rows per event (by time, by id, four indexes) in the same
 * tables, with the same memory and compression, in batches of 1,000 events as they come. Ids are taken to be new.
 */
final class RawRocks implements AutoCloseable {

    private static final int BATCH = 1_000;
    private static final long CACHE_BYTES = 32L << 20;
    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    private static final int OPEN_ATTEMPTS = 100;
    private static final long OPEN_PAUSE_NANOS = 100_000_000;
    private static final byte[] NO_VALUE = {};
    private static final String EVENTS = "events";
    private static final String IDS = "ids";
    private static final String INDEX = "index";

    private final List<ColumnFamilyHandle> tables = new ArrayList<>();
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final RocksDB db;

    private RawRocks(Path directory, boolean readOnly) throws RocksDBException, IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(directory);
        LRUCache cache = own(new LRUCache(CACHE_BYTES));
        BlockBasedTableConfig format = new BlockBasedTableConfig().setBlockCache(cache);
        ColumnFamilyOptions options = own(new ColumnFamilyOptions()
                .setTableFormatConfig(format)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION));
        DBOptions dbOptions = own(new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (String table : List.of("default", EVENTS, IDS, INDEX)) {
            descriptors.add(new ColumnFamilyDescriptor(bytes(table), options));
        }
        db = readOnly
                ? RocksDB.openReadOnly(dbOptions, directory.toString(), descriptors, tables)
                : RocksDB.open(dbOptions, directory.toString(), descriptors, tables);
    }

    static RawRocks create(Path directory) throws RocksDBException, IOException {
        return new RawRocks(directory, false);
    }

    /** The database of an event store, as it is now. Waits while files come and go, as they do for a while after many writes. */
    static RawRocks openReadOnly(Path directory) throws RocksDBException, IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return new RawRocks(directory, true);
            } catch (RocksDBException e) {
                if (attempt == OPEN_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(OPEN_PAUSE_NANOS);
            }
        }
    }

    /** Writes all events, and, where there is no write-ahead log to keep them, the tables. */
    void fill(SampleEvents events, boolean writeAheadLog) throws RocksDBException {
        try (WriteOptions options = new WriteOptions().setDisableWAL(!writeAheadLog);
                WriteBatch batch = new WriteBatch();
                Serializer<SampleEvent> serializer = SampleEvent.serde().serializer()) {
            for (int number = 0; number < events.count(); number++) {
                SampleEvent event = events.get(number);
                add(event, Objects.requireNonNull(serializer.serialize("", event)), batch);
                if ((number + 1) % BATCH == 0) {
                    db.write(options, batch);
                    batch.clear();
                }
            }
            db.write(options, batch);
        }
        if (!writeAheadLog) {
            try (FlushOptions flush = new FlushOptions()) {
                db.flush(flush, tables);
            }
        }
    }

    private void add(SampleEvent event, byte[] payload, WriteBatch batch) throws RocksDBException {
        byte[] id = bytes(event.id());
        byte[] position = ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(event.timestampNanos())
                .put(id)
                .array();
        batch.put(tables.get(1), position, payload);
        batch.put(
                tables.get(2),
                id,
                ByteBuffer.allocate(Long.BYTES).putLong(event.timestampNanos()).array());
        batch.put(tables.get(3), indexKey(1, event.process(), position), NO_VALUE);
        batch.put(tables.get(3), indexKey(2, event.module() + '\0' + event.function(), position), NO_VALUE);
        batch.put(tables.get(3), indexKey(3, event.correlation(), position), NO_VALUE);
        batch.put(tables.get(3), indexKey(4, event.user(), position), NO_VALUE);
    }

    private static byte[] indexKey(int index, String value, byte[] position) {
        byte[] valueBytes = bytes(value);
        return ByteBuffer.allocate(Short.BYTES + valueBytes.length + 1 + position.length)
                .putShort((short) index)
                .put(valueBytes)
                .put((byte) 0)
                .put(position)
                .array();
    }

    /** Reads keys and values of the events from this position on, and returns how many there were. */
    int read(byte[] fromPosition, int limit) throws RocksDBException {
        int read = 0;
        try (RocksIterator rows = db.newIterator(tables.get(1))) {
            for (rows.seek(fromPosition); read < limit && rows.isValid(); rows.next()) {
                read += rows.key().length > 0 && rows.value().length > 0 ? 1 : 0;
            }
            rows.status();
        }
        return read;
    }

    /** The number of events. */
    long count() throws RocksDBException {
        long count = 0;
        try (RocksIterator rows = db.newIterator(tables.get(1))) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
            rows.status();
        }
        return count;
    }

    @Override
    public void close() throws Exception {
        tables.forEach(ColumnFamilyHandle::close);
        db.close();
        for (AutoCloseable resource : owned) {
            resource.close();
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.add(0, resource);
        return resource;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
