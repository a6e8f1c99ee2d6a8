package io.forebay.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One RocksDB database with the tables of one event store. Rows of all tables are written in one atomic batch; the
 * write-ahead log is on and not synced, so that a batch survives a crash of the process (a crash of the machine is healed
 * by the changelog, from the offset that was written with the data).
 *
 * <p>Thread-safe, except that nothing may be under way when it is closed.
 */
final class EventDatabase implements AutoCloseable {

    /** The tables, which are column families. */
    enum Table {
        META("default"),
        EVENTS("events"),
        IDS("ids"),
        INDEX("index");

        private final String columnFamily;

        Table(String columnFamily) {
            this.columnFamily = columnFamily;
        }
    }

    private final File directory;
    private final RocksDB db;
    private final RocksSettings settings;
    private final DBOptions options;
    private final WriteOptions writeOptions;
    private final List<ColumnFamilyHandle> handles;

    private EventDatabase(
            File directory, RocksDB db, RocksSettings settings, DBOptions options, List<ColumnFamilyHandle> handles) {
        this.directory = directory;
        this.db = db;
        this.settings = settings;
        this.options = options;
        this.handles = handles;
        this.writeOptions = new WriteOptions();
    }

    /**
     * Opens the database in a directory, and makes it if it is not there.
     *
     * @throws ProcessorStateException if the directory cannot be written, or holds something that RocksDB cannot open
     */
    static EventDatabase open(File directory) {
        RocksDB.loadLibrary();
        RocksSettings settings = new RocksSettings();
        DBOptions options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(2);
        List<ColumnFamilyDescriptor> tables = new ArrayList<>();
        for (Table table : Table.values()) {
            tables.add(new ColumnFamilyDescriptor(EventCodec.idBytes(table.columnFamily), settings.forTable(table)));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            Files.createDirectories(directory.toPath());
            RocksDB db = RocksDB.open(options, directory.getPath(), tables, handles);
            return new EventDatabase(directory, db, settings, options, handles);
        } catch (RocksDBException | IOException e) {
            options.close();
            settings.close();
            throw new ProcessorStateException("cannot open the event store in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Deletes the database in a directory; it must not be open. */
    static void delete(File directory) {
        try {
            Utils.delete(directory);
        } catch (IOException e) {
            throw new ProcessorStateException("cannot delete the event store in " + directory + ": " + e, e);
        }
    }

    /** Whether nothing has been written yet: it is new, or whoever made it was killed at once. */
    boolean isEmpty() {
        try (DatabaseSnapshot snapshot = snapshot()) {
            for (Table table : Table.values()) {
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
        try {
            db.write(writeOptions, rows.batch());
        } catch (RocksDBException e) {
            throw failure("write", e);
        }
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
        return handles.get(table.ordinal());
    }

    ProcessorStateException failure(String what, RocksDBException e) {
        return new ProcessorStateException(
                "cannot " + what + " the event store in " + directory + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        writeOptions.close();
        options.close();
        settings.close();
    }

    /** Rows to be written together, sorted on the way: RocksDB takes sorted rows up to a third faster. Not thread-safe. */
    final class RowBatch implements AutoCloseable {

        private final WriteBatch batch = new WriteBatch();
        private final List<Row> rows = new ArrayList<>();

        void put(Table table, byte[] key, byte[] value) {
            rows.add(new Row(table, key, value));
        }

        void delete(Table table, byte[] key) {
            rows.add(new Row(table, key, null));
        }

        /** Deletes every row of the table whose key starts with the prefix, before anything that the batch puts. */
        void deleteAll(Table table, byte[] prefix) {
            deleteRange(table, prefix, Rows.successor(prefix));
        }

        /** Deletes the rows of the table from one key up to, and without, another, before anything that the batch puts. */
        void deleteRange(Table table, byte[] from, byte[] to) {
            try {
                batch.deleteRange(handle(table), from, to);
            } catch (RocksDBException e) {
                throw failure("write", e);
            }
        }

        private WriteBatch batch() throws RocksDBException {
            rows.sort(Row.ORDER);
            for (Row row : rows) {
                if (row.value == null) {
                    batch.delete(handle(row.table), row.key);
                } else {
                    batch.put(handle(row.table), row.key, row.value);
                }
            }
            rows.clear();
            return batch;
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    /** A row to put, or, without a value, to delete. */
    private record Row(Table table, byte[] key, byte @Nullable [] value) {

        static final Comparator<Row> ORDER =
                Comparator.comparing(Row::table).thenComparing(Row::key, Arrays::compareUnsigned);
    }
}
