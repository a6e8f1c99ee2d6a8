package io.forebay.store;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Between {@link Instant} and nanoseconds since the epoch in a long, which reaches from the year 1677 to 2262. */
final class Timestamps {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final long MIN_NANOS = toNanos(Instant.parse("1678-01-01T00:00:00Z"));
    private static final long END_NANOS = toNanos(Instant.parse("2262-01-01T00:00:00Z"));

    private Timestamps() {}

    /**
     * A timestamp that an event may have. What lies near the ends of the range of a long is no time but a way to say that there is none, and it
     * would move stream time for good.
     *
     * @throws DateTimeException if it is none
     */
    static long requireValid(long nanos) {
        if (nanos < MIN_NANOS || nanos >= END_NANOS) {
            throw new DateTimeException(
                    "the timestamp " + nanos + " ns (" + toInstant(nanos) + ") is outside the years 1678 to 2261");
        }
        return nanos;
    }

    static long toNanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (ArithmeticException e) {
            throw new DateTimeException("the timestamp " + instant + " is outside the years 1678 to 2261", e);
        }
    }

    static Instant toInstant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** A bound of a query: out of range means out of the range of all events, not an error. */
    static long clampedNanos(@Nullable Instant bound, long ifNull) {
        if (bound == null) {
            return ifNull;
        }
        try {
            return toNanos(bound);
        } catch (DateTimeException e) {
            return bound.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
