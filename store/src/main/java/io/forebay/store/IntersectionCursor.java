package io.forebay.store;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The positions that all of several cursors have, found by leapfrogging: whoever is behind seeks to where the foremost
 * stands. The work is bounded by the rarest condition, not by the most frequent one.
 */
final class IntersectionCursor implements PositionCursor {

    private final List<PositionCursor> cursors;
    private final Order order;

    IntersectionCursor(List<PositionCursor> cursors, Order order) {
        this.cursors = cursors;
        this.order = order;
        align();
    }

    /** Null unless all agree: after aligning they do, or one of them is at its end. */
    @Override
    public byte @Nullable [] position() {
        for (PositionCursor cursor : cursors) {
            if (cursor.position() == null) {
                return null;
            }
        }
        return cursors.get(0).position();
    }

    @Override
    public void next() {
        cursors.get(0).next();
        align();
    }

    @Override
    public void advanceTo(byte[] target) {
        cursors.get(0).advanceTo(target);
        align();
    }

    private void align() {
        byte[] foremost = cursors.get(0).position();
        int agreeing = 1;
        for (int i = 1 % cursors.size(); foremost != null && agreeing < cursors.size(); i = (i + 1) % cursors.size()) {
            PositionCursor cursor = cursors.get(i);
            cursor.advanceTo(foremost);
            byte[] reached = cursor.position();
            if (reached != null && order.compare(reached, foremost) == 0) {
                agreeing++;
            } else {
                foremost = reached;
                agreeing = 1;
            }
        }
        if (foremost != null) {
            Objects.requireNonNull(position(), "aligned cursors stand at a position");
        }
    }
}
