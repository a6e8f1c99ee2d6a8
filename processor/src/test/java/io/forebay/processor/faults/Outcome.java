package io.forebay.processor.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.BrokerClients;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is to be compared when it is all over.
 *
 * @param input the values of each key, in order
 */
record Outcome(FaultSettings settings, BrokerClients clients, Map<String, List<String>> input) {

    /** Everything is there; and under exactly-once, nothing twice. */
    void assertComplete(String where, List<String> values) {
        assertNothingElse(where, values);
        Set<String> expected = inputValues();
        assertThat(shortened(expected, new HashSet<>(values)))
                .as("lost in %s", where)
                .isEmpty();
        if (settings.exactlyOnce()) {
            assertThat(values.size()).as("records in %s, nothing twice", where).isEqualTo(expected.size());
        }
    }

    /** Nothing is there that was not in the input. */
    void assertNothingElse(String where, Collection<String> values) {
        assertThat(shortened(new HashSet<>(values), inputValues()))
                .as("never produced, but in %s", where)
                .isEmpty();
    }

    private Set<String> inputValues() {
        return input.values().stream().flatMap(List::stream).collect(Collectors.toSet());
    }

    /** Whatever is there for the first time, is so behind all that came earlier for its key. */
    void assertInOrder(String where, List<String> values) {
        Set<String> seen = new HashSet<>();
        Map<String, Integer> next = new HashMap<>();
        for (String value : values) {
            if (seen.add(value)) {
                String key = value.substring(0, value.indexOf(':'));
                int number = next.merge(key, 1, Integer::sum) - 1;
                assertThat(value)
                        .as("the next first time of its key in %s", where)
                        .isEqualTo(key + ":" + number);
            }
        }
        long expected = input.values().stream().mapToLong(List::size).sum();
        assertThat((long) seen.size()).as("different records in %s", where).isEqualTo(expected);
    }

    /** Some of what is in one and not in the other. */
    private static List<String> shortened(Set<String> one, Set<String> other) {
        return one.stream().filter(value -> !other.contains(value)).limit(20).toList();
    }

    /** The updates of each key that were newer than all before them, in order: what a step may pass on that passes on the newest. */
    Map<String, List<Update>> newestSoFar(Function<String, Update> updateOf) {
        Map<String, List<Update>> newest = new LinkedHashMap<>();
        input.forEach((key, values) ->
                newest.put(key, Update.newestSoFar(values.stream().map(updateOf).toList())));
        return newest;
    }

    /** What is last of each key. */
    static Map<String, Update> lastOf(Map<String, List<Update>> updates) {
        Map<String, Update> last = new LinkedHashMap<>();
        updates.forEach((key, ofKey) -> last.put(key, ofKey.get(ofKey.size() - 1)));
        return last;
    }

    /** The number in a value. */
    static long numberOf(String value) {
        return Long.parseLong(value.substring(value.indexOf(':') + 1));
    }

    /** The number of the key in a value. */
    static int keyNumberOf(String value) {
        return Integer.parseInt(value.substring(1, value.indexOf(':')));
    }

    /** The committed records of a topic. */
    List<ConsumerRecord<byte[], byte[]>> topic(String name) {
        return clients.consumeAll(name);
    }

    static String keyOf(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    static String valueOf(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }
}
