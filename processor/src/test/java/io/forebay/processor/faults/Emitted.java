package io.forebay.processor.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.processor.PutNewer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a step emitted that coalesces updates.
 *
 * @param values the values of each key, in order
 * @param updates how many updates they stand for
 */
record Emitted(Outcome outcome, Step step, Map<String, List<String>> values, Map<String, Long> updates) {

    static Emitted of(Outcome outcome, Step step) {
        Emitted emitted = new Emitted(outcome, step, new LinkedHashMap<>(), new LinkedHashMap<>());
        for (ConsumerRecord<byte[], byte[]> record :
                outcome.topic(outcome.settings().output(step))) {
            String key = Outcome.keyOf(record);
            String value = Outcome.valueOf(record);
            assertThat(header(record, PutNewer.VERSION_HEADER)).as(value).isEqualTo(Outcome.numberOf(value));
            emitted.values.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
            emitted.updates.merge(key, header(record, PutNewer.UPDATES_HEADER), Long::sum);
        }
        return emitted;
    }

    private static long header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Long.parseLong(new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8));
    }

    /** The last value of each key. */
    Map<String, String> newest() {
        Map<String, String> newest = new LinkedHashMap<>();
        outcome.input().keySet().forEach(key -> {
            List<String> ofKey = values.getOrDefault(key, List.of(""));
            newest.put(key, ofKey.get(ofKey.size() - 1));
        });
        return newest;
    }

    /** Nothing that was not in the input; and under exactly-once each update counted once, and only ever newer ones. */
    void assertOrder() {
        outcome.assertNothingElse(
                "the output of " + step,
                values.values().stream().flatMap(List::stream).toList());
        if (outcome.settings().exactlyOnce()) {
            values.forEach((key, ofKey) -> assertThat(
                            ofKey.stream().map(Outcome::numberOf).toList())
                    .as("versions of %s in the output of %s", key, step)
                    .isSorted()
                    .doesNotHaveDuplicates());
            outcome.input()
                    .forEach((key, ofKey) -> assertThat(updates.get(key))
                            .as("updates of %s that the output of %s stands for", key, step)
                            .isEqualTo(ofKey.size()));
        }
    }
}
