package io.forebay.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaFixtureIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    @Test
    void producesAndConsumesEverything() {
        String topic = kafka.createTopic(kafka.uniqueName("orders"), 3);

        kafka.produce(Topics.records(topic, "one", "two", "three"));

        assertThat(kafka.consumeAll(topic))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void consumesNothingFromAnEmptyTopic() {
        assertThat(kafka.consumeAll(kafka.createTopic(kafka.uniqueName("empty"), 1)))
                .isEmpty();
    }

    @Test
    void createsTopicsWithSettings() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("compacted"), 2, Map.of("cleanup.policy", "compact"));

        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        assertThat(kafka.admin().describeConfigs(List.of(resource)).all().get().values())
                .singleElement()
                .satisfies(config ->
                        assertThat(config.get("cleanup.policy").value()).isEqualTo("compact"));
    }

    @Test
    void seesCommittedTransactionsOnly() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("transactions"), 1);
        try (KafkaProducer<byte[], byte[]> producer = transactionalProducer()) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "committed");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, topic, "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, topic, "open");

            assertThat(kafka.consumeAll(topic))
                    .extracting(record -> new String(record.value(), UTF_8))
                    .containsExactly("committed");
            producer.abortTransaction();
        }
    }

    @Test
    void saysHowManyRecordsCame() {
        String topic = kafka.createTopic(kafka.uniqueName("short"), 1);
        kafka.produce(Topics.records(topic, "one"));

        assertThat(kafka.consume(topic, 1, Duration.ofSeconds(30))).hasSize(1);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> kafka.consume(topic, 2, Duration.ofMillis(300)))
                .withMessageContaining(topic)
                .withMessageContaining("expected 2")
                .withMessageContaining("only 1");
    }

    @Test
    void givesNamesOnce() {
        assertThat(kafka.uniqueName("a")).startsWith("a-").isNotEqualTo(kafka.uniqueName("a"));
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String text) throws Exception {
        for (ProducerRecord<byte[], byte[]> record : Topics.records(topic, text)) {
            producer.send(record).get();
        }
    }

    private static KafkaProducer<byte[], byte[]> transactionalProducer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", kafka.uniqueName("tx")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
