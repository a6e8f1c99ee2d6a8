package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The smallest and the largest of some timestamps. */
final class EventBounds {

    private long oldestNanos = Long.MAX_VALUE;
    private long newestNanos = Long.MIN_VALUE;

    void include(long timestampNanos) {
        oldestNanos = Math.min(oldestNanos, timestampNanos);
        newestNanos = Math.max(newestNanos, timestampNanos);
    }

    void include(@Nullable Entry entry) {
        if (entry != null && entry.event != null) {
            include(entry.event.timestampNanos());
        }
    }

    @Nullable
    Instant oldest() {
        return isEmpty() ? null : Timestamps.toInstant(oldestNanos);
    }

    @Nullable
    Instant newest() {
        return isEmpty() ? null : Timestamps.toInstant(newestNanos);
    }

    private boolean isEmpty() {
        return oldestNanos > newestNanos;
    }
}
