package io.forebay.processor.faults;

import io.forebay.processor.VersionSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a {@linkplain Load numbered record} before a step that passes on the newest; the same whenever it is asked. Every fourth
 * update, by chance, is a delete.
 *
 * @param of the value of that record
 * @param version its version
 * @param isDelete whether it comes without a value
 */
record Update(String of, long version, boolean isDelete) {

    /** Goes with the update wherever it goes: what it was made of. */
    private static final String HEADER = "update-of";

    /** How far versions leap ahead of the numbers at most: as many numbers as a key gets in some forty seconds. */
    private static final int LONGEST_LEAP_BITS = 11;

    /** The number is the version: each update is newer than those before it. */
    static Update rising(String value) {
        return new Update(value, Outcome.numberOf(value), isDelete(chance(value)));
    }

    /**
     * The version is the number, or leaps ahead of it by chance. The farther the leaps of a key may go, the rarer they are. So there are
     * keys whose versions always rise; keys that often have the newest version a second time; and keys that get nothing new for many
     * seconds: more than pile up during a restart, so that only what was known before it tells that all of them are stale.
     */
    static Update outOfOrder(String value) {
        SplittableRandom random = chance(value);
        boolean isDelete = isDelete(random);
        int longestLeap = 1 << Outcome.keyNumberOf(value) % (LONGEST_LEAP_BITS + 1);
        boolean leaps = random.nextInt(Math.max(1, longestLeap / 8)) == 0;
        return new Update(value, Outcome.numberOf(value) + (leaps ? random.nextInt(longestLeap) : 0), isDelete);
    }

    private static SplittableRandom chance(String value) {
        return new SplittableRandom(value.hashCode());
    }

    private static boolean isDelete(SplittableRandom random) {
        return random.nextInt(4) == 0;
    }

    @Nullable
    String value() {
        return isDelete ? null : of;
    }

    /** Those that are newer than all before them. */
    static List<Update> newestSoFar(List<Update> updates) {
        List<Update> newest = new ArrayList<>();
        for (Update update : updates) {
            if (newest.isEmpty() || newest.get(newest.size() - 1).version < update.version) {
                newest.add(update);
            }
        }
        return newest;
    }

    /** Makes updates of numbered records. */
    static KStream<String, String> allOf(KStream<String, String> input, Function<String, Update> updateOf) {
        return input.processValues(() -> new ContextualFixedKeyProcessor<String, String, String>() {
            @Override
            public void process(FixedKeyRecord<String, String> record) {
                Headers headers = new RecordHeaders(record.headers());
                headers.add(HEADER, record.value().getBytes(StandardCharsets.UTF_8));
                String value = updateOf.apply(record.value()).value();
                context().forward(record.withValue(value).withHeaders(headers));
            }
        });
    }

    /** The version, also of a delete. */
    static VersionSource<String, String> version(Function<String, Update> updateOf) {
        return (record, metadata) -> updateOf.apply(of(record.headers())).version;
    }

    /** What the update with these headers was made of. */
    static String of(Headers headers) {
        return new String(headers.lastHeader(HEADER).value(), StandardCharsets.UTF_8);
    }
}
