package io.forebay.processor.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.processor.PutNewer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a step emitted that passes on the newest, next to what it should have.
 *
 * @param newestSoFar the updates of each key that were newer than all before them: nothing else may be emitted
 * @param emitted the updates of each key that were emitted, in order
 * @param standingFor how many updates those stand for
 */
record Emitted(
        Outcome outcome,
        Step step,
        Map<String, List<Update>> newestSoFar,
        Map<String, List<Update>> emitted,
        Map<String, Long> standingFor) {

    static Emitted of(Outcome outcome, Step step, Function<String, Update> updateOf) {
        Emitted all =
                new Emitted(outcome, step, outcome.newestSoFar(updateOf), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (ConsumerRecord<byte[], byte[]> record :
                outcome.topic(outcome.settings().output(step))) {
            all.add(Outcome.keyOf(record), updateOf.apply(Update.of(record.headers())), record);
        }
        return all;
    }

    private void add(String key, Update update, ConsumerRecord<byte[], byte[]> record) {
        assertThat(record.value() == null ? null : Outcome.valueOf(record))
                .as("value of %s in the output of %s", update, step)
                .isEqualTo(update.value());
        assertThat(header(record, PutNewer.VERSION_HEADER))
                .as("version of %s in the output of %s", update, step)
                .isEqualTo(update.version());
        emitted.computeIfAbsent(key, any -> new ArrayList<>()).add(update);
        standingFor.merge(key, header(record, PutNewer.UPDATES_HEADER), Long::sum);
    }

    private static long header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Long.parseLong(new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8));
    }

    /** The newest of each key came last. */
    void assertNewest() {
        assertThat(Outcome.lastOf(emitted))
                .as("what came last of each key in the output of %s", step)
                .isEqualTo(Outcome.lastOf(newestSoFar));
    }

    /** Nothing stale; and under exactly-once only ever newer ones, and no update counted twice. */
    void assertOrder() {
        emitted.forEach(this::assertNothingStale);
        if (outcome.settings().exactlyOnce()) {
            emitted.forEach((key, ofKey) -> assertThat(
                            ofKey.stream().map(Update::version).toList())
                    .as("versions of %s in the output of %s", key, step)
                    .isSorted()
                    .doesNotHaveDuplicates());
            newestSoFar.forEach(this::assertStandingFor);
        }
    }

    private void assertNothingStale(String key, List<Update> ofKey) {
        Set<Update> expected = new HashSet<>(newestSoFar.getOrDefault(key, List.of()));
        assertThat(ofKey.stream().filter(update -> !expected.contains(update)).limit(20))
                .as("updates of %s that were stale when they came, in the output of %s", key, step)
                .isEmpty();
    }

    /** All that were new, and maybe stale ones that had been replaced before that was known. */
    private void assertStandingFor(String key, List<Update> newOfKey) {
        long all = outcome.input().getOrDefault(key, List.of()).size();
        assertThat(standingFor.get(key))
                .as("updates of %s that the output of %s stands for", key, step)
                .isBetween((long) newOfKey.size(), all);
    }
}
