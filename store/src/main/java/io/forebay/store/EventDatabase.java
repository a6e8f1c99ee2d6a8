package io.forebay.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One RocksDB database with the tables of one store. Rows of all tables are written in one atomic batch; the
 * write-ahead log is on and not synced, so that a batch survives a crash of the process (a crash of the machine is healed
 * by the changelog, from the offset that was written with the data).
 *
 * <p>Thread-safe, except that nothing may be under way when it is closed.
 */
final class EventDatabase implements AutoCloseable, SharedBuffers.Member {

    private static final Logger log = LoggerFactory.getLogger(EventDatabase.class);

    /** The tables, which are column families. */
    enum Table {
        META("default"),
        EVENTS("events"),
        IDS("ids"),
        INDEX("index"),
        LATEST("latest"),
        QUEUES("queues");

        private final String columnFamily;

        Table(String columnFamily) {
            this.columnFamily = columnFamily;
        }
    }

    private final File directory;
    private final RocksSettings settings;
    private final RocksDB db;
    private final SharedBuffers memory;
    private final WriteOptions writeOptions;
    private final Map<Table, ColumnFamilyHandle> handles;
    private final Cleanup cleanup;
    private final AtomicInteger openIterators = new AtomicInteger();
    private volatile @Nullable CorruptedStoreException corruption;
    private volatile long rowsWritten;

    /** @param cleanup what has been opened so far, and is closed with the database */
    private EventDatabase(File directory, RocksSettings settings, Cleanup cleanup)
            throws RocksDBException, IOException {
        this.directory = directory;
        this.settings = settings;
        this.cleanup = cleanup;
        memory = settings.memory().acquire();
        cleanup.add(settings.memory()::release);
        RocksOptions options = new RocksOptions(settings, memory);
        cleanup.add(options::close);
        settings.tuning().accept(options);
        Files.createDirectories(directory.toPath());
        writeOptions = new WriteOptions();
        cleanup.add(writeOptions::close);
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        db = RocksDB.open(options.database(), directory.getPath(), descriptors(settings, options), opened);
        cleanup.add(db::close);
        cleanup.add(() -> opened.forEach(ColumnFamilyHandle::close));
        handles = new EnumMap<>(Table.class);
        for (int i = 0; i < opened.size(); i++) {
            handles.put(settings.kind().tables().get(i), opened.get(i));
        }
    }

    private static List<ColumnFamilyDescriptor> descriptors(RocksSettings settings, RocksOptions options) {
        return settings.kind().tables().stream()
                .map(table -> new ColumnFamilyDescriptor(EventCodec.idBytes(table.columnFamily), options.table(table)))
                .toList();
    }

    /** Opens the database in a directory, with default settings. */
    static EventDatabase open(File directory) {
        return open(directory, RocksSettings.of(directory.getName()));
    }

    static EventDatabase open(File directory, RocksSettings settings) {
        return open(directory, settings, database -> database);
    }

    /**
     * Opens the database in a directory, and makes it if it is not there; then does what else there is to do before it can be used. If
     * anything of it fails, nothing remains open.
     *
     * @throws CorruptedStoreException if RocksDB finds it damaged
     * @throws ProcessorStateException if the directory cannot be written, or RocksDB cannot open what it holds
     */
    static <T> T open(File directory, RocksSettings settings, Function<EventDatabase, T> opening) {
        Cleanup cleanup = new Cleanup();
        boolean isOpen = false;
        try {
            T opened = opening.apply(open(directory, settings, cleanup));
            isOpen = true;
            return opened;
        } finally {
            if (!isOpen) {
                cleanup.close();
            }
        }
    }

    private static EventDatabase open(File directory, RocksSettings settings, Cleanup cleanup) {
        try {
            EventDatabase database = new EventDatabase(directory, settings, cleanup);
            database.join();
            return database;
        } catch (RocksDBException | IOException | RuntimeException e) {
            throw openFailure(directory, settings.kind(), e);
        }
    }

    private void join() {
        memory.join(this);
        cleanup.add(() -> memory.leave(this));
    }

    private static RuntimeException openFailure(File directory, StoreKind kind, Exception e) {
        if (e instanceof RocksDBException rocks && isCorruption(rocks)) {
            return StoreDirectory.corrupted(directory, kind, String.valueOf(e.getMessage()), e);
        }
        return new ProcessorStateException("cannot open the " + kind + " in " + directory + ": " + e.getMessage(), e);
    }

    /** Whether nothing has been written yet: it is new, or whoever made it was killed at once. */
    boolean isEmpty() {
        try (DatabaseSnapshot snapshot = snapshot()) {
            for (Table table : settings.kind().tables()) {
                RocksIterator rows = snapshot.iterator(table);
                rows.seekToFirst();
                if (rows.isValid()) {
                    return false;
                }
                snapshot.check(rows);
            }
            return true;
        }
    }

    StoreKind kind() {
        return settings.kind();
    }

    File directory() {
        return directory;
    }

    byte @Nullable [] get(Table table, byte[] key) {
        try {
            return db.get(handle(table), key);
        } catch (RocksDBException e) {
            throw failure("read", e);
        }
    }

    /** Everything in the database as it is now; to be closed. */
    DatabaseSnapshot snapshot() {
        return new DatabaseSnapshot(this, db);
    }

    /** Writes the rows of a batch, all or none. */
    void write(RowBatch rows) {
        try (WriteBatch batch = new WriteBatch(rows.toByteArray())) {
            db.write(writeOptions, batch);
            rowsWritten = rowsWritten + batch.count();
        } catch (RocksDBException e) {
            throw failure("write", e);
        }
        memory.balance();
    }

    RowBatch newBatch() {
        return new RowBatch();
    }

    /** The size of everything in the directory, the write-ahead log included, in bytes. */
    long sizeBytes() {
        File[] files = directory.listFiles();
        return files == null ? 0 : Arrays.stream(files).mapToLong(File::length).sum();
    }

    ColumnFamilyHandle handle(Table table) {
        return Objects.requireNonNull(handles.get(table), "this kind of store has no such table");
    }

    /** How many rows were put or deleted since it was opened. */
    long rowsWritten() {
        return rowsWritten;
    }

    int openIterators() {
        return openIterators.get();
    }

    void countIterators(int change) {
        openIterators.addAndGet(change);
    }

    @Override
    public long writeBufferBytes() {
        return property("rocksdb.cur-size-active-mem-table");
    }

    @Override
    public long allWriteBufferBytes() {
        return property("rocksdb.cur-size-all-mem-tables");
    }

    private long property(String name) {
        try {
            return db.getAggregatedLongProperty(name);
        } catch (RocksDBException e) {
            throw failure("read a property of", e);
        }
    }

    @Override
    public void flush(boolean wait) {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            db.flush(flush, List.copyOf(handles.values()));
        } catch (RocksDBException e) {
            log.warn("Cannot flush the {} in {}; its next write will fail", settings.kind(), directory, e);
        }
    }

    /**
     * Fails if damage has been met, by whichever thread: one that only reads has nobody to tell but its caller.
     *
     * @throws CorruptedStoreException if so
     */
    void requireSound() {
        CorruptedStoreException damage = corruption;
        if (damage != null) {
            throw new CorruptedStoreException(String.valueOf(damage.getMessage()), damage);
        }
    }

    ProcessorStateException failure(String what, RocksDBException e) {
        return isCorruption(e)
                ? corrupted(String.valueOf(e.getMessage()), e)
                : new ProcessorStateException(
                        "cannot " + what + " the " + settings.kind() + " in " + directory + ": " + e.getMessage(), e);
    }

    /** The failure to throw for damage that has been found. From now on the task fails when it commits. */
    CorruptedStoreException corrupted(String damage, @Nullable Throwable cause) {
        CorruptedStoreException failure = StoreDirectory.corrupted(directory, settings.kind(), damage, cause);
        corruption = failure;
        if (settings.logged()) {
            StoreDirectory.mark(directory, damage);
        }
        return failure;
    }

    private static boolean isCorruption(RocksDBException e) {
        return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
    }

    @Override
    public void close() {
        cleanup.close();
    }

    /** Rows to be written together, in the order of their keys. Not thread-safe. */
    final class RowBatch {

        private static final byte[] NOTHING = {};

        private final BatchBytes ranges = new BatchBytes();
        private final Map<Table, SortedRows> rows = new EnumMap<>(Table.class);

        void put(Table table, byte[] key, byte[] value) {
            put(table, key, NOTHING, value);
        }

        /** Puts a row whose key consists of two parts. */
        void put(Table table, byte[] key, byte[] restOfKey, byte[] value) {
            rowsOf(table).put(key, restOfKey, value);
        }

        void delete(Table table, byte[] key) {
            delete(table, key, NOTHING);
        }

        /** Deletes a row whose key consists of two parts. */
        void delete(Table table, byte[] key, byte[] restOfKey) {
            rowsOf(table).delete(key, restOfKey);
        }

        /** Deletes every row of the table whose key starts with the prefix, before anything that the batch puts. */
        void deleteAll(Table table, byte[] prefix) {
            deleteRange(table, prefix, Rows.successor(prefix));
        }

        /** Deletes the rows of the table from one key up to, and without, another, before anything that the batch puts. */
        void deleteRange(Table table, byte[] from, byte[] to) {
            ranges.deleteRange(handle(table).getID(), from, to);
        }

        private SortedRows rowsOf(Table table) {
            return rows.computeIfAbsent(table, absent -> new SortedRows());
        }

        private byte[] toByteArray() {
            ranges.reserve(rows.entrySet().stream()
                    .mapToLong(entry ->
                            entry.getValue().sizeInBatch(handle(entry.getKey()).getID()))
                    .sum());
            rows.forEach((table, sorted) -> sorted.writeTo(ranges, handle(table).getID()));
            rows.clear();
            return ranges.toByteArray();
        }
    }
}
