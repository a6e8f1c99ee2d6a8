package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.TableCursor.SharedIterator;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksIterator;

/**
 * How a query is answered from disk: one cursor for each condition, intersected; without conditions, the events in their
 * order. A condition that leaves parts of a composite index open becomes a merge over the values that occur.
 */
final class QueryPlan {

    private final TimeRange range;
    private final Order order;
    private final List<KeyPattern> patterns;

    QueryPlan(TimeRange range, Order order, List<KeyPattern> patterns) {
        this.range = range;
        this.order = order;
        this.patterns = patterns;
    }

    PositionCursor open(DatabaseSnapshot snapshot) {
        if (patterns.isEmpty()) {
            return new TableCursor(new SharedIterator(snapshot, Table.EVENTS), new byte[0], range, order);
        }
        List<PositionCursor> cursors = new ArrayList<>();
        for (KeyPattern pattern : patterns) {
            cursors.add(open(snapshot, pattern));
        }
        return cursors.size() == 1 ? cursors.get(0) : new IntersectionCursor(cursors, order);
    }

    /** Whether an event that is not on disk yet matches. */
    boolean matches(PreparedEvent<?> event) {
        if (!range.contains(event.timestampNanos())) {
            return false;
        }
        for (KeyPattern pattern : patterns) {
            if (event.indexKeys().stream().noneMatch(pattern::matches)) {
                return false;
            }
        }
        return true;
    }

    private PositionCursor open(DatabaseSnapshot snapshot, KeyPattern pattern) {
        SharedIterator iterator = new SharedIterator(snapshot, Table.INDEX);
        byte[] exact = pattern.exactKey();
        if (exact != null) {
            return new TableCursor(iterator, exact, range, order);
        }
        List<TableCursor> cursors = new ArrayList<>();
        for (byte[] key : distinctKeys(iterator.rocks(), snapshot, pattern)) {
            cursors.add(new TableCursor(iterator, key, range, order));
        }
        return new MergeCursor(cursors, order);
    }

    /** A loose index scan: one seek for each distinct key, not one step for each row. */
    private static List<byte[]> distinctKeys(RocksIterator rows, DatabaseSnapshot snapshot, KeyPattern pattern) {
        List<byte[]> keys = new ArrayList<>();
        byte[] prefix = pattern.fixedPrefix();
        byte[] target = prefix;
        while (target != null) {
            rows.seek(target);
            if (!rows.isValid() || !Rows.startsWith(rows.key(), prefix)) {
                snapshot.check(rows);
                break;
            }
            byte[] key = pattern.keyOf(rows.key());
            if (pattern.matches(key)) {
                keys.add(key);
                target = Rows.successor(key);
            } else {
                target = pattern.seekAfterMismatch(key);
            }
        }
        return keys;
    }
}
