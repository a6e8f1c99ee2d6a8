package io.forebay.serdes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.AvroDeserializer;
import io.forebay.serdes.AvroSerde;
import io.forebay.serdes.AvroSerdeConfig;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.AvroSerializer;
import io.forebay.serdes.connect.AvroConverter;
import io.forebay.serdes.event.Event;
import io.forebay.testing.EmbeddedKafka;
import io.forebay.testing.KafkaFixture;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void whoOnlyReadsCreatesNoTopicAndFindsItWhenSomebodyElseHas() throws Exception {
        String topic = kafka.uniqueName("later");
        try (TopicCatalog reader = open(topic);
                TopicCatalog writer = open(topic)) {
            assertThat(reader.findByFingerprint(SchemaNormalization.parsingFingerprint64(V1)))
                    .isNull();
            assertThat(kafka.admin().listTopics().names().get()).doesNotContain(topic);
            writer.publish(V2);
            assertThat(reader.findByFingerprint(SchemaNormalization.parsingFingerprint64(V2)))
                    .isEqualTo(V2);
        }
    }

    @Test
    void whoOnlyReadsNeedsNoMoreThanReadAndDescribe(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka guarded = EmbeddedKafka.builder(directory)
                        .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                        .property("allow.everyone.if.no.acl.found", "true")
                        .start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", guarded.bootstrapServers()))) {
            Map<String, Object> connection = Map.of("bootstrap.servers", guarded.bootstrapServers());
            try (TopicCatalog writer = TopicCatalog.open("guarded", connection, SchemaCatalog.of())) {
                writer.publish(V1);
            }
            admin.createAcls(List.of(
                            acl(ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALL, AclPermissionType.ALLOW),
                            acl(ResourceType.CLUSTER, "kafka-cluster", AclOperation.CREATE, AclPermissionType.DENY),
                            acl(ResourceType.TOPIC, "guarded", AclOperation.DESCRIBE, AclPermissionType.ALLOW),
                            acl(ResourceType.TOPIC, "guarded", AclOperation.READ, AclPermissionType.ALLOW)))
                    .all()
                    .get();
            try (TopicCatalog reader = TopicCatalog.open("guarded", connection, SchemaCatalog.of())) {
                assertThat(reader.findByFingerprint(SchemaNormalization.parsingFingerprint64(V1)))
                        .isEqualTo(V1);
                assertThatThrownBy(() -> reader.publish(V2))
                        .isInstanceOf(KafkaException.class)
                        .hasMessageContaining("guarded")
                        .hasRootCauseInstanceOf(TopicAuthorizationException.class);
            }
        }
    }

    private static AclBinding acl(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    @Test
    void aSecondConfigurationClosesWhatTheFirstOneOpened() throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                AvroSerdeConfig.SCHEMAS_TOPIC,
                kafka.uniqueName("schemas"));
        GenericRecord record = new GenericRecordBuilder(V1).set("celsius", 20).build();
        int before = consumers();
        var serde = new AvroSerde<Object>();
        var serializer = new AvroSerializer<Object>();
        var deserializer = new AvroDeserializer<Object>();
        var converter = new AvroConverter();
        for (int round = 0; round < 3; round++) {
            serde.configure(config, false);
            serializer.configure(config, false);
            deserializer.configure(config, false);
            converter.configure(config, false);
            byte[] bytes = serde.serializer().serialize("readings", record);
            assertThat(serializer.serialize("readings", record)).isEqualTo(bytes);
            assertThat(deserializer.deserialize("readings", bytes)).isEqualTo(record);
            assertThat(converter.toConnectData("readings", bytes).value()).hasToString("Struct{celsius=20}");
            assertThat(consumers() - before).as("round %d", round).isEqualTo(4);
        }
        serde.close();
        serializer.close();
        deserializer.close();
        converter.close();
        assertThat(consumers()).isEqualTo(before);
    }

    private static int consumers() throws MalformedObjectNameException {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("kafka.consumer:type=app-info,id=*"), null)
                .size();
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
