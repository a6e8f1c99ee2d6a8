package io.forebay.benchmarks.store;

import io.forebay.store.EventDefinition;
import io.forebay.store.EventIndex;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The events of a run, each a function of its number. Ids are in random order, as UUIDs are; timestamps are a millisecond
 * apart and up to five milliseconds out of order, as those of several sources are; the ten events of a correlation are spread over the whole
 * time, which is the most expensive for a query.
 */
final class SampleEvents {

    static final String CORRELATION = "correlation";
    static final int CORRELATED = 10;

    private static final long START_NANOS = 1_700_000_000_000_000_000L;
    private static final long STEP_NANOS = 1_000_000;
    private static final int MAX_DISORDER_NANOS = 5_000_000;
    private static final int PROCESSES = 200;
    private static final int MODULES = 50;
    private static final int FUNCTIONS = 20;
    private static final int USERS = 10_000;
    private static final String DETAIL = "x".repeat(SampleEvent.BYTES);

    private final int count;

    SampleEvents(int count) {
        this.count = count;
    }

    int count() {
        return count;
    }

    SampleEvent get(int number) {
        long random = mix(number);
        String id = hex(random);
        String process = "process-" + number % PROCESSES;
        String module = "com.example.module" + Math.floorMod(random, MODULES);
        String function = "function" + Math.floorMod(random >> 8, FUNCTIONS);
        String correlation = correlation(number % (count / CORRELATED));
        String user = "user-" + Math.floorMod(random >> 16, USERS);
        int detail = SampleEvent.detailLength(id, process, module, function, correlation, user);
        return new SampleEvent(
                id,
                timestampNanos(number, random),
                process,
                module,
                function,
                correlation,
                user,
                DETAIL.substring(0, detail));
    }

    /** The value that ten events share. */
    static String correlation(int number) {
        return hex(mix(~(long) number));
    }

    int correlations() {
        return count / CORRELATED;
    }

    /** The ids of the events of a correlation. */
    List<String> idsOf(int correlation) {
        return IntStream.iterate(correlation, number -> number < count, number -> number + correlations())
                .mapToObj(number -> hex(mix(number)))
                .toList();
    }

    /** When the event of this number would happen if all were in order. */
    static Instant time(int number) {
        return Instant.ofEpochSecond(0, START_NANOS + number * STEP_NANOS);
    }

    static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000 + time.getNano();
    }

    /** How many events are before a time. */
    long countBefore(Instant cutoff) {
        long cutoffNanos = nanos(cutoff);
        return IntStream.range(0, count)
                .filter(number -> timestampNanos(number, mix(number)) < cutoffNanos)
                .count();
    }

    /** Four indexes, beside id and time, which every store has. */
    static EventDefinition<SampleEvent> definition() {
        return EventDefinition.builder(SampleEvent.serde())
                .id(SampleEvent::id)
                .timestampNanos(SampleEvent::timestampNanos)
                .index(EventIndex.ofString("process", SampleEvent::process))
                .index(EventIndex.composite(
                        "function",
                        EventIndex.ofString("module", SampleEvent::module),
                        EventIndex.ofString("function", SampleEvent::function)))
                .index(EventIndex.ofString(CORRELATION, SampleEvent::correlation))
                .index(EventIndex.ofString("user", SampleEvent::user))
                .build();
    }

    private static long timestampNanos(int number, long random) {
        return START_NANOS + number * STEP_NANOS + Math.floorMod(random >> 24, MAX_DISORDER_NANOS);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): one to one, so ids are unique. */
    private static long mix(long number) {
        long mixed = number * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static String hex(long value) {
        byte[] digits = new byte[16];
        for (int i = 0; i < digits.length; i++) {
            int digit = (int) (value >>> (60 - 4 * i)) & 15;
            digits[i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        return new String(digits, StandardCharsets.ISO_8859_1);
    }
}
