package io.forebay.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The positions a query may see: from one, inclusive, to another, exclusive. Both are either empty, which is before
 * everything, or have at least a timestamp; a missing end is after everything.
 */
record PositionRange(byte[] first, byte @Nullable [] end) {

    private static final byte[] BEFORE_EVERYTHING = {};

    /** Everything from a position on. */
    static PositionRange from(byte[] first) {
        return new PositionRange(first, null);
    }

    /** What a query asks for by its time bounds and by the page it goes on from. */
    static PositionRange of(EventQuery<?> query) {
        long fromNanos = Timestamps.clampedNanos(query.from(), Long.MIN_VALUE);
        long toNanos = Timestamps.clampedNanos(query.to(), Long.MAX_VALUE);
        PositionRange time = new PositionRange(
                fromNanos == Long.MIN_VALUE ? BEFORE_EVERYTHING : Rows.timestamp(fromNanos),
                toNanos == Long.MAX_VALUE ? null : Rows.timestamp(toNanos + 1));
        byte[] seen = PageToken.positionAfter(query);
        if (seen == null) {
            return time;
        }
        return query.order() == Order.ASC ? time.startingAt(Rows.next(seen)) : time.endingBefore(seen);
    }

    /** The part of it that is at or after a position. */
    PositionRange startingAt(byte[] position) {
        return Arrays.compareUnsigned(first, position) >= 0 ? this : new PositionRange(position, end);
    }

    private PositionRange endingBefore(byte[] position) {
        return end != null && Arrays.compareUnsigned(end, position) <= 0 ? this : new PositionRange(first, position);
    }

    boolean contains(byte[] position) {
        return Arrays.compareUnsigned(first, position) <= 0
                && (end == null || Arrays.compareUnsigned(position, end) < 0);
    }

    boolean contains(EventRow event) {
        return Rows.comparePosition(event, first) >= 0 && (end == null || Rows.comparePosition(event, end) < 0);
    }
}
