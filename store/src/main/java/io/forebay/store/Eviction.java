package io.forebay.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which events have to go: those older than the retention, and the oldest of too many.
 *
 * @param retentionNanos how long events are kept, in event time; {@link Long#MAX_VALUE} for ever
 * @param maxEvents how many are kept at most; {@link Long#MAX_VALUE} without a bound
 */
record Eviction(long retentionNanos, long maxEvents) {

    Eviction(@Nullable Duration retention, long maxEvents) {
        this(retention == null ? Long.MAX_VALUE : retention.toNanos(), maxEvents);
    }

    static void requireValid(Duration retention) {
        boolean valid;
        try {
            valid = retention.toNanos() > 0;
        } catch (ArithmeticException e) {
            valid = false;
        }
        if (!valid) {
            throw new IllegalArgumentException("retention=" + retention + " must be positive and below 292 years");
        }
    }

    boolean hasRetention() {
        return retentionNanos != Long.MAX_VALUE;
    }

    boolean hasMaxEvents() {
        return maxEvents != Long.MAX_VALUE;
    }

    /** The smallest timestamp that is kept when the newest event has this one. */
    long oldestKept(long newestNanos) {
        long oldest = newestNanos - retentionNanos;
        return oldest > newestNanos ? Long.MIN_VALUE : oldest; // below the smallest number there is
    }
}
