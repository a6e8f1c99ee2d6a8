package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.TableCursor.SharedIterator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * How a query is answered. From disk: one cursor for each condition, intersected; without conditions, the events in their
 * order. A condition that is met by several keys of its index (parts left open, a range) becomes a merge over those that
 * occur; or, if they are too many, or what the conditions with one key leave is little, a filter on what the others
 * find. From memory: everything is looked at.
 */
final class QueryPlan<E> {

    /**
     * How many keys are merged for one condition. Each costs two seeks before the first event is found, and memory for a
     * cursor.
     */
    static final int MOST_KEYS = 1_024;

    /** So few candidates, found by conditions with one key each, are rather read and checked than intersected further. */
    static final int FEW_CANDIDATES = 128;

    private final PositionRange range;
    private final Order order;
    private final List<IndexCondition<E>> conditions;

    /**
     * @throws IllegalArgumentException if a condition cannot be met by this store, whatever the events, or the page
     *     token comes from another query
     */
    QueryPlan(EventQuery<E> query, EventCodec<E> codec) {
        this.order = query.order();
        this.conditions = query.conditions().stream().map(codec::condition).toList();
        this.range = PositionRange.of(query);
    }

    Order order() {
        return order;
    }

    /** The events in memory that match, in no order. */
    List<EventRow> memoryHits(StoreSnapshot snapshot) {
        List<EventRow> hits = new ArrayList<>();
        for (EventRow event : snapshot.events()) {
            if (range.contains(event) && matches(event)) {
                hits.add(event);
            }
        }
        return hits;
    }

    private boolean matches(EventRow event) {
        for (IndexCondition<E> condition : conditions) {
            if (!condition.matches(event)) {
                return false;
            }
        }
        return true;
    }

    /** What to read from disk. */
    Sources<E> open(StoreSnapshot snapshot) {
        DatabaseSnapshot disk = snapshot.disk();
        PositionRange visible = range.startingAt(snapshot.floor().position());
        List<IndexCondition<E>> open =
                conditions.stream().filter(condition -> !condition.isExact()).toList();
        boolean someExact = open.size() < conditions.size();
        if (someExact && !open.isEmpty() && areFew(intersection(exactCursors(disk, visible)))) {
            return new Sources<>(intersection(exactCursors(disk, visible)), open);
        }
        List<PositionCursor> cursors = exactCursors(disk, visible);
        List<IndexCondition<E>> filters = new ArrayList<>();
        for (IndexCondition<E> condition : open) {
            PositionCursor merged = mergedCursor(disk, condition.pattern(), visible);
            if (merged == null) {
                filters.add(condition);
            } else {
                cursors.add(merged);
            }
        }
        return new Sources<>(
                cursors.isEmpty() ? TableCursor.ofEvents(disk, visible, order) : intersection(cursors), filters);
    }

    private static boolean areFew(PositionCursor candidates) {
        for (int i = 0; i < FEW_CANDIDATES && candidates.position() != null; i++) {
            candidates.next();
        }
        return candidates.position() == null;
    }

    private List<PositionCursor> exactCursors(DatabaseSnapshot disk, PositionRange visible) {
        List<PositionCursor> cursors = new ArrayList<>();
        for (IndexCondition<E> condition : conditions) {
            byte[] key = condition.pattern().exactKey();
            if (key != null) {
                cursors.add(TableCursor.ofKey(disk, key, visible, order));
            }
        }
        return cursors;
    }

    private PositionCursor intersection(List<PositionCursor> cursors) {
        return cursors.size() == 1 ? cursors.get(0) : new IntersectionCursor(cursors, order);
    }

    /** Over all keys of a condition that occur, or null if they are too many. */
    private @Nullable PositionCursor mergedCursor(DatabaseSnapshot disk, KeyPattern pattern, PositionRange visible) {
        byte[] prefix = pattern.fixedPrefix();
        SharedIterator iterator = new SharedIterator(disk, Table.INDEX, prefix, Rows.successor(prefix));
        List<byte[]> keys = distinctKeys(iterator.rocks(), disk, pattern);
        if (keys == null) {
            return null;
        }
        List<TableCursor> cursors = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            cursors.add(new TableCursor(iterator, key, visible, order));
        }
        return new MergeCursor(cursors, order);
    }

    /** A loose index scan: one seek for each distinct key, not one step for each row. Null if there are too many. */
    private static @Nullable List<byte[]> distinctKeys(RocksIterator rows, DatabaseSnapshot disk, KeyPattern pattern) {
        List<byte[]> keys = new ArrayList<>();
        byte[] prefix = pattern.fixedPrefix();
        byte[] target = prefix;
        while (target != null) {
            rows.seek(target);
            if (!rows.isValid() || !Rows.startsWith(rows.key(), prefix)) {
                disk.check(rows);
                break;
            }
            byte[] key = pattern.keyOf(rows.key());
            if (!pattern.matches(key)) {
                target = pattern.seekAfterMismatch(key);
            } else if (keys.size() == MOST_KEYS) {
                return null;
            } else {
                keys.add(key);
                target = Rows.successor(key);
            }
        }
        return keys;
    }

    /**
     * Where the events come from.
     *
     * @param cursor candidates on disk, in order
     * @param filters what candidates have to be checked against
     */
    record Sources<E>(PositionCursor cursor, List<IndexCondition<E>> filters) {}
}
