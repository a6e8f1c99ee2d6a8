package io.forebay.store;

import org.jspecify.annotations.Nullable;

/** From one nanosecond to another, both inclusive. */
record TimeRange(long fromNanos, long toNanos) {

    static TimeRange of(EventQuery<?> query) {
        return new TimeRange(
                Timestamps.clampedNanos(query.from(), Long.MIN_VALUE),
                Timestamps.clampedNanos(query.to(), Long.MAX_VALUE));
    }

    /** This range without what is certainly below a floor. */
    TimeRange above(Floor floor) {
        return floor.timestampNanos() <= fromNanos ? this : new TimeRange(floor.timestampNanos(), toNanos);
    }

    boolean contains(long timestampNanos) {
        return fromNanos <= timestampNanos && timestampNanos <= toNanos;
    }

    /** At or before every position in the range. */
    byte[] firstPosition() {
        return Rows.timestamp(fromNanos);
    }

    /** After every position in the range; null if nothing is after it. */
    byte @Nullable [] endPosition() {
        return toNanos == Long.MAX_VALUE ? null : Rows.timestamp(toNanos + 1);
    }
}
