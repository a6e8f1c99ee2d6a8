package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A database as it was at one moment. Belongs to one thread; closes the iterators it gave out. */
final class DatabaseSnapshot implements AutoCloseable {

    private static final int USUAL_EVENT_BYTES = 512;
    private static final long COUNTING_READAHEAD_BYTES = 256 << 10;

    private final EventDatabase database;
    private final RocksDB db;
    private final Snapshot snapshot;
    private final ReadOptions readOptions;
    private final List<RocksIterator> iterators = new ArrayList<>();
    private final List<AbstractNativeReference> bounds = new ArrayList<>();

    DatabaseSnapshot(EventDatabase database, RocksDB db) {
        this.database = database;
        this.db = db;
        this.snapshot = db.getSnapshot();
        this.readOptions = new ReadOptions().setSnapshot(snapshot);
    }

    /** The value of a key, or null. */
    byte @Nullable [] get(Table table, byte[] key) {
        try {
            return db.get(database.handle(table), readOptions, key);
        } catch (RocksDBException e) {
            throw database.failure("read", e);
        }
    }

    /** The same for a key that is not expected to be there, as {@link #findAll}. */
    byte @Nullable [] find(Table table, byte[] key) {
        return mayHold(table, key) ? get(table, key) : null;
    }

    /**
     * The values of keys, in their order; null where there is none. Read one by one, into one buffer: what RocksDB saves with its own
     * {@code multiGet}, its Java interface takes again; and that cannot tell a row that is not there from one that cannot be read.
     */
    List<byte @Nullable []> getAll(Table table, List<byte[]> keys) {
        return read(table, keys, key -> true);
    }

    /**
     * The same for keys of which most are not expected to be there. RocksDB's Java interface throws and catches a C++ exception for each
     * row that it does not find, which takes longer than to look for it; the filters can say so without.
     */
    List<byte @Nullable []> findAll(Table table, List<byte[]> keys) {
        return read(table, keys, key -> mayHold(table, key));
    }

    private boolean mayHold(Table table, byte[] key) {
        return db.keyMayExist(database.handle(table), readOptions, key, null);
    }

    private List<byte @Nullable []> read(Table table, List<byte[]> keys, Predicate<byte[]> worthReading) {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        byte[] buffer = new byte[table == Table.IDS ? Rows.TIMESTAMP_BYTES : USUAL_EVENT_BYTES];
        try {
            for (byte[] key : keys) {
                int length = worthReading.test(key)
                        ? db.get(database.handle(table), readOptions, key, buffer)
                        : RocksDB.NOT_FOUND;
                if (length > buffer.length) {
                    values.add(db.get(database.handle(table), readOptions, key));
                    buffer = new byte[length]; // the next may be as long
                } else {
                    values.add(length == RocksDB.NOT_FOUND ? null : Arrays.copyOf(buffer, length));
                }
            }
        } catch (RocksDBException e) {
            throw database.failure("read", e);
        }
        return values;
    }

    /** An iterator over a table, valid until the snapshot is closed. */
    RocksIterator iterator(Table table) {
        return opened(db.newIterator(database.handle(table), readOptions));
    }

    /**
     * An iterator over the rows of a table from one key up to, and without, another; null is after everything. The bounds
     * spare RocksDB from reading blocks in which there is nothing to be found.
     */
    RocksIterator iterator(Table table, byte[] from, byte @Nullable [] to) {
        return opened(db.newIterator(database.handle(table), bounded(from, to)));
    }

    private ReadOptions bounded(byte[] from, byte @Nullable [] to) {
        ReadOptions bounded = bound(new ReadOptions(readOptions)).setIterateLowerBound(bound(new Slice(from)));
        if (to != null) {
            bounded.setIterateUpperBound(bound(new Slice(to)));
        }
        return bounded;
    }

    private RocksIterator opened(RocksIterator iterator) {
        iterators.add(iterator);
        database.countIterators(1);
        return iterator;
    }

    private <T extends AbstractNativeReference> T bound(T reference) {
        bounds.add(reference);
        return reference;
    }

    /**
     * How many events lie from one position up to, and without, another. One step for each, and one look at the key for none: RocksDB
     * compares with the bounds. The blocks that are read do not take the place of others in the cache.
     */
    long countEvents(byte[] from, byte[] to) {
        long count = 0;
        ReadOptions bounded = bounded(from, to).setFillCache(false).setReadaheadSize(COUNTING_READAHEAD_BYTES);
        RocksIterator rows = opened(db.newIterator(database.handle(Table.EVENTS), bounded));
        for (rows.seekToFirst(); rows.isValid(); rows.next()) {
            count++;
        }
        check(rows);
        return count;
    }

    /** To be called when an iterator stops being valid: its end, or an error of the disk? */
    void check(RocksIterator iterator) {
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw database.failure("read", e);
        }
    }

    @Override
    public void close() {
        iterators.forEach(RocksIterator::close);
        database.countIterators(-iterators.size());
        bounds.forEach(AbstractNativeReference::close); // after the iterators that they bound
        readOptions.close();
        db.releaseSnapshot(snapshot);
        snapshot.close();
    }
}
