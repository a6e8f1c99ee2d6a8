package io.forebay.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The positions that any of several cursors has, in order; the cursors must not share positions. */
final class MergeCursor implements PositionCursor {

    private final PriorityQueue<PositionCursor> cursors;

    MergeCursor(List<? extends PositionCursor> cursors, Order order) {
        this.cursors = new PriorityQueue<>(
                Math.max(1, cursors.size()), (left, right) -> order.compare(positionOf(left), positionOf(right)));
        cursors.forEach(this::addUnlessAtEnd);
    }

    @Override
    public byte @Nullable [] position() {
        PositionCursor first = cursors.peek();
        return first == null ? null : first.position();
    }

    @Override
    public void next() {
        PositionCursor first = cursors.remove();
        first.next();
        addUnlessAtEnd(first);
    }

    @Override
    public void advanceTo(byte[] target) {
        List<PositionCursor> all = new ArrayList<>(cursors);
        cursors.clear();
        for (PositionCursor cursor : all) {
            cursor.advanceTo(target);
            addUnlessAtEnd(cursor);
        }
    }

    private void addUnlessAtEnd(PositionCursor cursor) {
        if (cursor.position() != null) {
            cursors.add(cursor);
        }
    }

    private static byte[] positionOf(PositionCursor cursor) {
        return Objects.requireNonNull(cursor.position(), "cursors at their end are not kept");
    }
}
