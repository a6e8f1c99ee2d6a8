package io.forebay.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Texts into and out of a topic of any broker. */
final class Topics {

    private Topics() {}

    static void create(String bootstrapServers, String topic) {
        try (BrokerClients clients = new BrokerClients(bootstrapServers)) {
            clients.createTopic(topic, 1, Map.of());
        }
    }

    static void send(String bootstrapServers, String topic, String... texts) {
        try (BrokerClients clients = new BrokerClients(bootstrapServers)) {
            clients.produce(records(topic, texts));
        }
    }

    static List<String> read(String bootstrapServers, String topic) {
        try (BrokerClients clients = new BrokerClients(bootstrapServers)) {
            return clients.consumeAll(topic).stream()
                    .map(record -> new String(record.value(), UTF_8))
                    .toList();
        }
    }

    static List<ProducerRecord<byte[], byte[]>> records(String topic, String... texts) {
        return Stream.of(texts)
                .map(text -> new ProducerRecord<byte[], byte[]>(topic, text.getBytes(UTF_8)))
                .toList();
    }
}
