package io.forebay.processor.plan;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The same rate for each type of event by itself. Thread-safe; allocates only when it meets a type for the first time. */
final class RateLimits {

    /** Types beyond these, which no program has, share one bound. */
    private static final int MAX_TYPES = 10_000;

    private final int maxPerSecond;
    private final Map<String, RateLimit> types = new ConcurrentHashMap<>();
    private final RateLimit rest;

    RateLimits(int maxPerSecond) {
        this.maxPerSecond = maxPerSecond;
        this.rest = new RateLimit(maxPerSecond);
    }

    RateLimit of(@Nullable String type) {
        if (type == null) {
            return rest;
        }
        RateLimit known = types.get(type);
        if (known != null) {
            return known;
        }
        return types.size() < MAX_TYPES ? types.computeIfAbsent(type, name -> new RateLimit(maxPerSecond)) : rest;
    }
}
