package io.forebay.serdes;

import io.forebay.serdes.event.Event;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Helpers to build events with what a running program knows anyway.
 *
 * <pre>{@code
 * Event event = Events.here("order.accepted").setCorrelation(orderId).build();
 * Event call = Events.took("query", started, Duration.ofMillis(12)).build();
 * }</pre>
 *
 * <p>Everything returned is a builder that the caller finishes; whatever was filled in can be set anew. Stateless,
 * thread-safe.
 */
public final class Events {
    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private Events() {}

    /** An event of now, on this thread, with a random id. */
    public static Event.Builder now(String type) {
        return Event.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTimestamp(Instant.now())
                .setProcess(Thread.currentThread().getName())
                .setType(type);
    }

    /** As {@link #now}, with the calling class as module and the calling method as function. Costs a stack walk. */
    public static Event.Builder here(String type) {
        StackFrame caller = STACK.walk(frames -> frames.skip(1).findFirst().orElseThrow());
        return now(type).setModule(caller.getClassName()).setFunction(caller.getMethodName());
    }

    /**
     * An event that began at {@code start} and took {@code duration}.
     *
     * @throws ArithmeticException if the duration has more nanoseconds than a long (292 years)
     */
    public static Event.Builder took(String type, Instant start, Duration duration) {
        return now(type).setTimestamp(start).setDurationNanos(duration.toNanos());
    }

    /** Attributes of any kind as the texts an event holds, in the order given; entries whose value is null are left out. */
    public static Map<String, String> attributes(Map<String, ?> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value != null) {
                texts.put(name, value.toString());
            }
        });
        return texts;
    }

    /**
     * The timestamp as it is stored: nanoseconds since 1970-01-01T00:00:00Z.
     *
     * @throws ArithmeticException if it is outside the years 1677 to 2262, which a long of nanoseconds can say
     */
    public static long timestampNanos(Event event) {
        return toNanos(event.getTimestamp());
    }

    static long toNanos(Instant timestamp) {
        long seconds = timestamp.getEpochSecond();
        int nanos = timestamp.getNano();
        if (seconds < 0
                && nanos > 0) { // towards zero first, so that the earliest representable instant does not overflow
            return Math.addExact(Math.multiplyExact(seconds + 1, 1_000_000_000L), nanos - 1_000_000_000L);
        }
        return Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanos);
    }
}
