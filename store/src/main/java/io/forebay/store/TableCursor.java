package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * A cursor over the rows of one table whose keys are a fixed prefix and a position: the events (empty prefix), or one key
 * of an index. Several cursors may share an iterator: each remembers where it stands and seeks again when another has
 * moved the iterator meanwhile.
 */
final class TableCursor implements PositionCursor {

    private static final byte[] NO_PREFIX = {};

    private final SharedIterator iterator;
    private final byte[] prefix;
    private final PositionRange range;
    private final Order order;
    private byte @Nullable [] position;

    /** Over the rows with a key of an index. */
    TableCursor(SharedIterator iterator, byte[] prefix, PositionRange range, Order order) {
        this.iterator = iterator;
        this.prefix = prefix;
        this.range = range;
        this.order = order;
        if (order == Order.ASC) {
            seek(range.first());
        } else {
            seekBeforeEndOfRange();
        }
    }

    /** Over all rows with a key of an index, in an iterator of its own. */
    static TableCursor ofKey(DatabaseSnapshot snapshot, byte[] key, PositionRange range, Order order) {
        byte[] end = range.end();
        byte[] upperBound = end == null ? Rows.successor(key) : Rows.concat(key, end);
        SharedIterator iterator =
                new SharedIterator(snapshot, Table.INDEX, Rows.concat(key, range.first()), upperBound);
        return new TableCursor(iterator, key, range, order);
    }

    /** Over the events. */
    static TableCursor ofEvents(DatabaseSnapshot snapshot, PositionRange range, Order order) {
        SharedIterator iterator = new SharedIterator(snapshot, Table.EVENTS, range.first(), range.end());
        return new TableCursor(iterator, NO_PREFIX, range, order);
    }

    @Override
    public byte @Nullable [] position() {
        return position;
    }

    @Override
    public byte @Nullable [] payload() {
        return isOfEvents() && position != null ? iterator.rocks.value() : null;
    }

    @Override
    public void next() {
        byte[] left = Objects.requireNonNull(position, "at the end");
        if (iterator.owner != this) {
            seek(left);
        }
        if (order == Order.ASC) {
            iterator.rocks.next();
        } else {
            iterator.rocks.prev();
        }
        position = read();
    }

    @Override
    public void advanceTo(byte[] target) {
        if (position != null && order.compare(position, target) < 0) {
            seek(target);
        }
    }

    private void seek(byte[] target) {
        iterator.owner = this;
        byte[] key = Rows.concat(prefix, target);
        if (order == Order.ASC) {
            iterator.rocks.seek(key);
        } else {
            iterator.rocks.seekForPrev(key);
        }
        position = read();
    }

    private void seekBeforeEndOfRange() {
        iterator.owner = this;
        byte[] end = range.end();
        if (end != null) {
            byte[] key = Rows.concat(prefix, end);
            iterator.rocks.seekForPrev(key);
            if (iterator.rocks.isValid() && Arrays.equals(iterator.rocks.key(), key)) {
                iterator.rocks.prev();
            }
        } else if (isOfEvents()) {
            iterator.rocks.seekToLast();
        } else {
            iterator.rocks.seekForPrev(Rows.successor(prefix));
        }
        position = read();
    }

    private byte @Nullable [] read() {
        RocksIterator rocks = iterator.rocks;
        if (!rocks.isValid()) {
            iterator.snapshot.check(rocks);
            return null;
        }
        byte[] key = rocks.key();
        if (!Rows.startsWith(key, prefix)) {
            return null;
        }
        byte[] found = isOfEvents() ? key : Arrays.copyOfRange(key, prefix.length, key.length);
        return range.contains(found) ? found : null;
    }

    private boolean isOfEvents() {
        return prefix.length == 0;
    }

    /** An iterator over the rows of a table from one key up to another, and the cursor that moved it last. */
    static final class SharedIterator {

        private final DatabaseSnapshot snapshot;
        private final RocksIterator rocks;
        private @Nullable TableCursor owner;

        SharedIterator(DatabaseSnapshot snapshot, Table table, byte[] from, byte @Nullable [] to) {
            this.snapshot = snapshot;
            this.rocks = snapshot.iterator(table, from, to);
        }

        RocksIterator rocks() {
            return rocks;
        }
    }
}
