package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Finds the values that occur in an index: those of events in memory, merged with a loose scan of the rows on disk, which
 * stops at the first row of each value that is still to be seen. Belongs to one thread.
 */
final class DistinctValues {

    private final StoreSnapshot snapshot;
    private final ValuesPlan plan;
    private final RocksIterator rows;
    private final Runnable requireOpen;

    /**
     * @param requireOpen called for every row looked at; throws when the store is about to close
     */
    DistinctValues(StoreSnapshot snapshot, ValuesPlan plan, Runnable requireOpen) {
        this.snapshot = snapshot;
        this.plan = plan;
        this.rows = snapshot.disk().iterator(Table.INDEX, plan.start(), Rows.successor(plan.prefix()));
        this.requireOpen = requireOpen;
    }

    List<Object> find() {
        TreeSet<byte[]> found = inMemory();
        byte[] stored = nextOnDisk(plan.start());
        for (int seeks = 1; stored != null; seeks++) {
            found.add(stored);
            stored = seeks < plan.limit() ? nextOnDisk(Rows.successor(stored)) : null;
        }
        return found.stream().limit(plan.limit()).map(plan::valueOf).toList();
    }

    private TreeSet<byte[]> inMemory() {
        TreeSet<byte[]> values = new TreeSet<>(Arrays::compareUnsigned);
        for (EventRow event : snapshot.events()) {
            for (byte[] key : event.indexKeys()) {
                byte[] value = plan.valueKey(key);
                if (value != null && Arrays.compareUnsigned(value, plan.start()) >= 0) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    /** The first value at or after a key that has a row to be seen. */
    private byte @Nullable [] nextOnDisk(byte[] from) {
        rows.seek(from);
        while (rows.isValid()) {
            requireOpen.run();
            byte[] row = rows.key();
            if (!Rows.startsWith(row, plan.prefix())) {
                return null;
            }
            byte[] value = plan.valueKey(row);
            int end = plan.pattern().keyLength(row);
            byte[] position = Arrays.copyOfRange(row, end, row.length);
            if (value == null) {
                rows.seek(Rows.successor(Arrays.copyOf(row, plan.endOfValue(row))));
            } else if (!snapshot.hides(position)) {
                return value;
            } else {
                skip(Arrays.copyOf(row, end), position);
            }
        }
        snapshot.disk().check(rows);
        return null;
    }

    /** Past a row that is not to be seen; past all that lie below the floor, if it does. */
    private void skip(byte[] key, byte[] position) {
        if (snapshot.floor().hides(position)) {
            rows.seek(Rows.concat(key, snapshot.floor().position()));
        } else {
            rows.next();
        }
    }
}
