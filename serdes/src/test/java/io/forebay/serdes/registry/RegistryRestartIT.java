package io.forebay.serdes.registry;

import static io.forebay.serdes.registry.Clients.produce;
import static io.forebay.serdes.registry.OrderVersions.version1;
import static io.forebay.serdes.registry.OrderVersions.version2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.AvroSerde;
import io.forebay.serdes.AvroSerdes;
import io.forebay.testing.ChildRegistry;
import io.forebay.testing.KafkaFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A format evolves while two consumers run on, and while the registry is killed and started again and again. */
@Tag("slow")
class RegistryRestartIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    @TempDir
    static Path directory;

    @Test
    void aFormatEvolvesAcrossRestartsOfTheRegistry() throws IOException {
        String topic = kafka.createTopic(kafka.uniqueName("orders"), 1);
        Path runner = Path.of(System.getProperty("forebay.test.apicurio"));
        try (ChildRegistry server = ChildRegistry.start(runner, directory);
                AvroSerde<GenericRecord> first = serde(server, version1());
                AvroSerde<GenericRecord> young = serde(server, renamedAndWidened());
                KafkaConsumer<String, GenericRecord> oldConsumer =
                        consumer(topic, serde(server, version1()).deserializer());
                KafkaConsumer<String, GenericRecord> youngConsumer = consumer(topic, young.deserializer())) {

            produce(topic, first.serializer(), order(version1(), "1", "amount", 5));
            assertThat(next(oldConsumer)).hasToString("{\"id\": \"1\", \"amount\": 5, \"legacy\": \"none\"}");
            assertThat(next(youngConsumer)).hasToString("{\"id\": \"1\", \"quantity\": 5, \"note\": \"-\"}");

            server.kill();
            produce(topic, first.serializer(), order(version1(), "2", "amount", 6));
            assertThat(next(oldConsumer)).hasToString("{\"id\": \"2\", \"amount\": 6, \"legacy\": \"none\"}");
            assertThat(next(youngConsumer)).hasToString("{\"id\": \"2\", \"quantity\": 6, \"note\": \"-\"}");

            server.start();
            GenericRecord third = order(version2(), "3", "amount", 7); // without legacy, with a note
            third.put("note", "fragile");
            try (AvroSerde<GenericRecord> second = serde(server, version2())) {
                produce(topic, second.serializer(), third);
            }
            assertThat(next(oldConsumer)).hasToString("{\"id\": \"3\", \"amount\": 7, \"legacy\": \"none\"}");
            assertThat(next(youngConsumer)).hasToString("{\"id\": \"3\", \"quantity\": 7, \"note\": \"fragile\"}");

            server.kill();
            server.start();
            GenericRecord fourth = order(renamedAndWidened(), "4", "quantity", 5_000_000_000L);
            fourth.put("note", "many");
            produce(topic, young.serializer(), fourth);
            assertThat(next(youngConsumer))
                    .hasToString("{\"id\": \"4\", \"quantity\": 5000000000, \"note\": \"many\"}");
            assertThatThrownBy(() -> next(oldConsumer)) // it has no amount, and cannot know of the new name
                    .isInstanceOf(RecordDeserializationException.class)
                    .cause()
                    .hasMessageContainingAll("topic=" + topic, "schema id=", "amount");

            // A consumer that starts only now reads everything that was ever written.
            try (KafkaConsumer<String, GenericRecord> fresh =
                    consumer(topic, serde(server, renamedAndWidened()).deserializer())) {
                for (String id : List.of("1", "2", "3", "4")) {
                    assertThat(next(fresh).get("id")).hasToString(id);
                }
            }
        }
    }

    private static Schema renamedAndWidened() {
        return SchemaBuilder.record("shop.Order")
                .fields()
                .requiredString("id")
                .name("quantity")
                .aliases("amount")
                .type()
                .longType()
                .noDefault()
                .name("note")
                .type()
                .stringType()
                .stringDefault("-")
                .endRecord();
    }

    private static AvroSerde<GenericRecord> serde(ChildRegistry server, Schema schema) {
        SchemaRegistryClient client = SchemaRegistryClient.builder(server.url())
                .retries(1, Duration.ofMillis(10))
                .build();
        return AvroSerdes.generic(schema).registry(client).build();
    }

    private static GenericRecord order(Schema schema, String id, String amountField, Object amount) {
        GenericRecord order = new GenericData.Record(schema);
        order.put("id", id);
        order.put(amountField, amount);
        if (schema.getField("legacy") != null) {
            order.put("legacy", "none");
        }
        return order;
    }

    private static KafkaConsumer<String, GenericRecord> consumer(
            String topic, Deserializer<GenericRecord> deserializer) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new StringDeserializer(),
                deserializer);
        List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
        consumer.assign(partition);
        consumer.seekToBeginning(partition);
        return consumer;
    }

    /** The record at the consumer's position, which moves on by one. */
    private static GenericRecord next(KafkaConsumer<String, GenericRecord> consumer) {
        TopicPartition partition = consumer.assignment().iterator().next();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<String, GenericRecord> record : consumer.poll(Duration.ofMillis(100))) {
                consumer.seek(partition, record.offset() + 1);
                return record.value();
            }
        }
        throw new AssertionError("no record at " + consumer.position(partition) + " within 30 s");
    }
}
