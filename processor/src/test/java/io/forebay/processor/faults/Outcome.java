package io.forebay.processor.faults;

import io.forebay.testing.BrokerClients;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is to be compared when it is all over.
 *
 * @param input the values of each key, in order
 */
record Outcome(FaultSettings settings, BrokerClients clients, Map<String, List<String>> input) {

    List<String> inputValues() {
        return input.values().stream().flatMap(List::stream).toList();
    }

    /** The last value of each key. */
    Map<String, String> newest() {
        Map<String, String> newest = new LinkedHashMap<>();
        input.forEach((key, values) -> newest.put(key, values.get(values.size() - 1)));
        return newest;
    }

    /** The number in a value. */
    static long numberOf(String value) {
        return Long.parseLong(value.substring(value.indexOf(':') + 1));
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
