package io.forebay.examples.jfr;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many events through per window of time, by the events' own clock. Used by one thread.
 */
final class Throttle {

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ns", ChronoUnit.NANOS,
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private final long limit;
    private final ChronoUnit unit;
    private @Nullable Instant windowEnd;
    private long passed;

    /** @param rate such as {@code 300/s} */
    Throttle(String rate) {
        int slash = rate.indexOf('/');
        this.limit = Long.parseLong(rate.substring(0, slash));
        this.unit = UNITS.getOrDefault(rate.substring(slash + 1), ChronoUnit.SECONDS);
    }

    boolean passes(Instant time) {
        if (windowEnd == null || !time.isBefore(windowEnd)) {
            windowEnd = time.plus(1, unit);
            passed = 0;
        }
        passed++;
        return passed <= limit;
    }
}
