package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * A cursor over the rows of one table whose keys are a fixed prefix and a position: the events (empty prefix), or one key
 * of an index. Several cursors may share an iterator: each remembers where it stands and seeks again when another has
 * moved the iterator meanwhile.
 *
 * <p>A seek costs as much as a good ten steps. Therefore a cursor of an index that is asked for one position after the
 * other reads some ahead, twice as many each time, and one that is asked to go to a position a little further on tries a
 * few steps first, more of them the more often that helps.
 */
final class TableCursor implements PositionCursor {

    private static final byte[] NO_PREFIX = {};
    private static final int MOST_AHEAD = 16;
    private static final int MOST_STEPS = 8;

    private final SharedIterator iterator;
    private final byte[] prefix;
    private final PositionRange range;
    private final Order order;
    private final Queue<byte[]> ahead = new ArrayDeque<>(0);
    private boolean nothingFurther; // than what has been read ahead
    private int toReadAhead;
    private int stepsToTry = 2;
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
        byte[] left = position;
        position = ahead.poll();
        if (position == null && left != null && !nothingFurther) {
            if (iterator.owner != this) {
                seek(left);
            }
            step();
            readAhead();
        }
    }

    @Override
    public void advanceTo(byte[] target) {
        while (isBefore(target) && !ahead.isEmpty()) {
            position = ahead.poll();
        }
        if (isBefore(target) && nothingFurther) {
            position = null;
        } else if (isBefore(target) && !tryStepsTo(target)) {
            seek(target);
        }
    }

    private boolean isBefore(byte[] target) {
        return position != null && order.compare(position, target) < 0;
    }

    private boolean tryStepsTo(byte[] target) {
        if (iterator.owner != this) {
            return false;
        }
        for (int i = 0; i < stepsToTry && isBefore(target); i++) {
            step();
        }
        boolean arrived = !isBefore(target);
        stepsToTry = arrived ? Math.min(MOST_STEPS, stepsToTry + 1) : Math.max(1, stepsToTry - 1);
        return arrived;
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

    private void step() {
        if (order == Order.ASC) {
            iterator.rocks.next();
        } else {
            iterator.rocks.prev();
        }
        position = read();
    }

    /** Afterwards the iterator stands at the last position read. */
    private void readAhead() {
        byte[] first = position;
        for (int i = 0; i < toReadAhead && position != null; i++) {
            step();
            if (position != null) {
                ahead.add(position);
            }
        }
        nothingFurther = position == null;
        position = first;
        toReadAhead = isOfEvents() ? 0 : Math.min(MOST_AHEAD, 2 * toReadAhead + 1);
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
