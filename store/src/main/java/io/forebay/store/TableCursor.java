package io.forebay.store;

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

    private final SharedIterator iterator;
    private final byte[] prefix;
    private final PositionRange range;
    private final Order order;
    private byte @Nullable [] position;

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

    @Override
    public byte @Nullable [] position() {
        return position;
    }

    @Override
    public byte @Nullable [] payload() {
        boolean isThere = prefix.length == 0 && position != null && iterator.owner == this;
        return isThere ? iterator.rocks.value() : null;
    }

    @Override
    public void next() {
        byte[] current = Objects.requireNonNull(position, "at the end");
        if (iterator.owner != this) {
            seek(current);
        }
        step();
        load();
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
        load();
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
        } else if (prefix.length == 0) {
            iterator.rocks.seekToLast();
        } else {
            iterator.rocks.seekForPrev(Rows.successor(prefix));
        }
        load();
    }

    private void step() {
        if (order == Order.ASC) {
            iterator.rocks.next();
        } else {
            iterator.rocks.prev();
        }
    }

    private void load() {
        position = null;
        RocksIterator rocks = iterator.rocks;
        if (!rocks.isValid()) {
            iterator.snapshot.check(rocks);
            return;
        }
        byte[] key = rocks.key();
        if (!Rows.startsWith(key, prefix)) {
            return;
        }
        byte[] found = prefix.length == 0 ? key : Arrays.copyOfRange(key, prefix.length, key.length);
        if (range.contains(found)) {
            position = found;
        }
    }

    /** An iterator and the cursor that moved it last. */
    static final class SharedIterator {

        private final DatabaseSnapshot snapshot;
        private final RocksIterator rocks;
        private @Nullable TableCursor owner;

        SharedIterator(DatabaseSnapshot snapshot, EventDatabase.Table table) {
            this.snapshot = snapshot;
            this.rocks = snapshot.iterator(table);
        }

        RocksIterator rocks() {
            return rocks;
        }
    }
}
