package io.forebay.processor.faults;

import io.forebay.testing.BrokerClients;
import java.nio.charset.StandardCharsets;
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
