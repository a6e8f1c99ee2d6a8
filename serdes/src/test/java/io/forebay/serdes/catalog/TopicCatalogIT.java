package io.forebay.serdes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.AvroSerde;
import io.forebay.serdes.AvroSerdeConfig;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.testing.KafkaFixture;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two programs without a registry that share schemas through a real broker. */
@Tag("slow")
class TopicCatalogIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final Schema V1 =
            SchemaBuilder.record("a.Reading").fields().requiredInt("celsius").endRecord();
    private static final Schema V2 = SchemaBuilder.record("a.Reading")
            .fields()
            .requiredInt("celsius")
            .name("place")
            .type()
            .stringType()
            .stringDefault("-")
            .endRecord();

    @Test
    void programsReadEachOthersNewerSchemas() throws Exception {
        String topic = kafka.uniqueName("schemas");
        try (TopicCatalog one = open(topic);
                TopicCatalog other = open(topic)) {
            var old = AvroSerdes.generic(V1).catalog(one).build();
            var young = AvroSerdes.generic(V2).catalog(other).build();
            GenericRecord oldRecord =
                    new GenericRecordBuilder(V1).set("celsius", 20).build();
            GenericRecord youngRecord = new GenericRecordBuilder(V2)
                    .set("celsius", 21)
                    .set("place", "attic")
                    .build();

            byte[] fromOld = old.serializer().serialize("readings", oldRecord);
            byte[] fromYoung = young.serializer().serialize("readings", youngRecord);
            assertThat(old.deserializer().deserialize("readings", fromYoung)).hasToString("{\"celsius\": 21}");
            assertThat(young.deserializer().deserialize("readings", fromOld))
                    .hasToString("{\"celsius\": 20, \"place\": \"-\"}");
        }
        assertThat(policy(topic)).isEqualTo("compact");
        assertThat(kafka.consumeAll(topic)).hasSize(2);
    }

    @Test
    void aSerdeConfiguredByNameUsesTheTopic() {
        String topic = kafka.uniqueName("schemas");
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                "must-not-leak",
                "transactional.id",
                "must-not-leak",
                AvroSerdeConfig.SPECIFIC_READER,
                true,
                AvroSerdeConfig.SCHEMAS_TOPIC,
                topic);
        Event event = Event.newBuilder()
                .setId("1")
                .setTimestamp(Instant.EPOCH)
                .setType("t")
                .build();
        try (var writer = new AvroSerde<Object>();
                var reader = new AvroSerde<Object>()) {
            writer.configure(config, false);
            reader.configure(config, false);
            byte[] bytes = writer.serializer().serialize("events", event);
            assertThat(reader.deserializer().deserialize("events", bytes)).isEqualTo(event);
            bytes[5] ^= 1;
            assertThatThrownBy(() -> reader.deserializer().deserialize("events", bytes))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContainingAll("topic=events", "topic " + topic);
        }
    }

    @Test
    void aTopicThatForgetsIsRefused() {
        String topic = kafka.createTopic(kafka.uniqueName("forgetful"), 1);
        try (TopicCatalog catalog = open(topic)) {
            assertThatThrownBy(() -> catalog.publish(V1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(topic, "cleanup.policy=delete");
        }
    }

    private static TopicCatalog open(String topic) {
        Map<String, Object> connection = Map.of("bootstrap.servers", kafka.bootstrapServers());
        return TopicCatalog.open(topic, connection, SchemaCatalog.of());
    }

    private static String policy(String topic) throws ExecutionException, InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var configs = kafka.admin().describeConfigs(List.of(resource)).all().get();
        return configs.values().iterator().next().get("cleanup.policy").value();
    }
}
