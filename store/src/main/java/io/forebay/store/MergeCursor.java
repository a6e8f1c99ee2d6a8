package io.forebay.store;

import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The positions that any of several cursors has, in order, each once. */
final class MergeCursor implements PositionCursor {

    private final PriorityQueue<PositionCursor> cursors;
    private final Order order;

    MergeCursor(List<? extends PositionCursor> cursors, Order order) {
        this.order = order;
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
        byte[] left = positionOf(cursors.element());
        PositionCursor first = cursors.peek();
        while (first != null && order.compare(positionOf(first), left) == 0) {
            cursors.remove();
            first.next();
            addUnlessAtEnd(first);
            first = cursors.peek();
        }
    }

    @Override
    public void advanceTo(byte[] target) {
        PositionCursor first = cursors.peek();
        while (first != null && order.compare(positionOf(first), target) < 0) {
            cursors.remove();
            first.advanceTo(target);
            addUnlessAtEnd(first);
            first = cursors.peek();
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
