package io.forebay.serdes.registry;

import static io.forebay.serdes.registry.Clients.consume;
import static io.forebay.serdes.registry.Clients.poll;
import static io.forebay.serdes.registry.Clients.produce;
import static io.forebay.serdes.registry.OrderVersions.incompatible;
import static io.forebay.serdes.registry.OrderVersions.version1;
import static io.forebay.serdes.registry.OrderVersions.version2;
import static io.forebay.serdes.registry.OrderVersions.version3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.forebay.serdes.AvroDeserializer;
import io.forebay.serdes.AvroSerdeConfig;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.AvroSerializer;
import io.forebay.serdes.Events;
import io.forebay.serdes.event.Event;
import io.forebay.testing.ChildRegistry;
import io.forebay.testing.KafkaFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Against a real registry and a real broker: errors, the peer's serde, evolution, and a registry that dies. */
@Tag("slow")
class RegistryIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    @TempDir
    static Path directory;

    static ChildRegistry server;
    static SchemaRegistryClient client;

    @BeforeAll
    static void startRegistry() throws IOException {
        server = ChildRegistry.start(Path.of(System.getProperty("forebay.test.apicurio")), directory);
        client = client();
    }

    @AfterAll
    static void stopRegistry() {
        server.close();
    }

    @Test
    void schemasAreRegisteredOnceAndFoundByIdSubjectAndVersion() {
        int id = client.register("found-value", version1());

        assertThat(client().register("found-value", version1())).isEqualTo(id);
        assertThat(client().idOf("found-value", version1())).isEqualTo(id);
        assertThat(client().schema(id)).isEqualTo(version1());
        assertThat(client().latest("found-value")).isEqualTo(new RegisteredSchema("found-value", 1, id, version1()));
    }

    @Test
    void theSchemaOfAGeneratedClassIsFoundUnderTheFileItWasGeneratedFrom() throws IOException {
        String file = Files.readString(Path.of("src/main/avro/Event.avsc"));
        int id = new RegistryApi(new RegistryTransport(options(), pause -> {}), false)
                .register("generated-value", file, List.of());
        var normalizing =
                SchemaRegistryClient.builder(server.url()).normalize(true).build();
        assertThat(normalizing.idOf("generated-value", Event.SCHEMA$)).isEqualTo(id);
    }

    @Test
    void errorsHaveTypesAndTheRegistrysMessage() throws Exception {
        client.register("errors-value", version1());
        setCompatibility("errors-value", "BACKWARD");

        assertThatThrownBy(() -> client.register("errors-value", incompatible()))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("errors-value")
                .hasMessageContaining("Incompatible artifact");
        assertThatThrownBy(() -> client.idOf("errors-value", incompatible()))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessageContaining("does not match any schema");
        assertThatThrownBy(() -> client.idOf("nobody-value", version1())).isInstanceOf(UnknownSubjectException.class);
        assertThatThrownBy(() -> client.latest("nobody-value")).isInstanceOf(UnknownSubjectException.class);
        assertThatThrownBy(() -> client.schema(123_456))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessageContaining("schema id=123456");
    }

    @Test
    void serdesNameTopicIdAndReasonAndKeepTheCause() {
        var serde = AvroSerdes.generic().registry(client).build();
        byte[] unknownId = {0, 0, 1, (byte) 0xE2, 0x41, 0};
        assertThatThrownBy(() -> serde.deserializer().deserialize("orders", unknownId))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=orders", "schema id=123457", "No content")
                .hasCauseInstanceOf(UnknownSchemaException.class);

        var strict = AvroSerdes.generic().registry(client).autoRegister(false).build();
        assertThatThrownBy(() -> strict.serializer().serialize("orders", order(version1(), 1)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=orders", "orders-value")
                .hasCauseInstanceOf(UnknownSubjectException.class);
    }

    @Test
    void schemaReferencesAreResolvedAndLeftOutOfWhatIsRegistered() {
        Schema line = SchemaBuilder.record("shop.Line")
                .fields()
                .requiredString("item")
                .endRecord();
        Schema order = SchemaBuilder.record("shop.Cart")
                .fields()
                .name("first")
                .type(line)
                .noDefault()
                .name("others")
                .type()
                .array()
                .items(line)
                .noDefault()
                .endRecord();
        client.register("line", line);
        var reference = new SchemaReference("shop.Line", "line", 1);
        int id = client.register("cart-value", order, List.of(reference));

        var stored = new RegistryApi(new RegistryTransport(options(), d -> {}), false).byId(id);
        assertThat(stored.text()).doesNotContain("\"item\"");
        assertThat(stored.references()).containsExactly(reference);
        assertThat(client().schema(id)).isEqualTo(order);
        assertThat(client().latest("cart-value").schema()).isEqualTo(order);
        assertThat(client().idOf("cart-value", order)).isEqualTo(id);
    }

    @Test
    void anOlderVersionWithReferencesIsFoundToo() {
        Schema line = SchemaBuilder.record("shop.Item")
                .fields()
                .requiredString("item")
                .endRecord();
        Schema first = SchemaBuilder.record("shop.Basket")
                .fields()
                .name("line")
                .type(line)
                .noDefault()
                .endRecord();
        Schema second = SchemaBuilder.record("shop.Basket")
                .fields()
                .name("line")
                .type(line)
                .noDefault()
                .optionalString("note")
                .endRecord();
        client.register("item", line);
        List<SchemaReference> references = List.of(new SchemaReference("shop.Item", "item", 1));
        int firstId = client.register("basket-value", first, references);
        int secondId = client.register("basket-value", second, references);

        assertThat(client().idOf("basket-value", first)).isEqualTo(firstId);
        assertThat(client().idOf("basket-value", second)).isEqualTo(secondId);
        assertThatThrownBy(() -> client().idOf("basket-value", line)).isInstanceOf(UnknownSchemaException.class);
        var latestOnly =
                AvroSerdes.generic().registry(client()).useLatestVersion(true).build();
        GenericRecord basket = new GenericRecordBuilder(first)
                .set("line", new GenericRecordBuilder(line).set("item", "nut").build())
                .build();
        byte[] bytes = latestOnly.serializer().serialize("basket", basket);
        assertThat(latestOnly.deserializer().deserialize("basket", bytes))
                .hasToString("{\"line\": {\"item\": \"nut\"}, \"note\": null}");
    }

    @Test
    void peersSerdeReadsWhatWeWriteAndTheOtherWayRound() {
        // Avro asks the peer's users for this; ours need it not.
        var previous = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(previous, type -> type == Event.class));
        String topic = kafka.createTopic(kafka.uniqueName("interop"), 1);
        Event ours = event("ours");
        Event theirs = event("theirs");
        try (var serde = AvroSerdes.specific(Event.class).registry(client).build();
                Serializer<Event> peerSerializer = new AvroKafkaSerializer<>();
                Deserializer<Event> peerDeserializer = new AvroKafkaDeserializer<>()) {
            peerSerializer.configure(peer(), false);
            peerDeserializer.configure(peer(), false);
            produce(topic, serde.serializer(), ours);
            produce(topic, peerSerializer, theirs);

            assertThat(consume(topic, serde.deserializer(), 2)).containsExactly(ours, theirs);
            assertThat(consume(topic, peerDeserializer, 2)).containsExactly(ours, theirs);
        } finally {
            ClassSecurityValidator.setGlobal(previous);
        }
    }

    @Test
    void fieldsAddedAndRemovedAreReadInBothDirections() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("evolution"), 1);
        try (var old = AvroSerdes.generic(version1()).registry(client()).build();
                var young = AvroSerdes.generic(version2()).registry(client()).build()) {
            produce(topic, old.serializer(), order(version1(), 1));
            setCompatibility(topic + "-value", "FULL");
            GenericRecord second = order(version2(), 2);
            second.put("note", "fragile");
            produce(topic, young.serializer(), second);

            assertThat(consume(topic, old.deserializer(), 2))
                    .extracting(Object::toString)
                    .containsExactly(
                            "{\"id\": \"1\", \"amount\": 5, \"legacy\": \"none\"}",
                            "{\"id\": \"2\", \"amount\": 5, \"legacy\": \"none\"}");
            assertThat(consume(topic, young.deserializer(), 2))
                    .extracting(Object::toString)
                    .containsExactly(
                            "{\"id\": \"1\", \"amount\": 5, \"note\": \"-\"}",
                            "{\"id\": \"2\", \"amount\": 5, \"note\": \"fragile\"}");
        }
    }

    @Test
    void fieldsRenamedAndWidenedAreReadByNewConsumersAndRefusedByOldOnes() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("rename"), 1);
        try (var old = AvroSerdes.generic(version1()).registry(client()).build();
                var young = AvroSerdes.generic(version3()).registry(client()).build()) {
            produce(topic, old.serializer(), order(version1(), 1));
            setCompatibility(topic + "-value", "BACKWARD");
            GenericRecord second = new GenericData.Record(version3());
            second.put("id", "2");
            second.put("quantity", 5_000_000_000L);
            produce(topic, young.serializer(), second);

            assertThat(consume(topic, young.deserializer(), 2))
                    .extracting(Object::toString)
                    .containsExactly("{\"id\": \"1\", \"quantity\": 5}", "{\"id\": \"2\", \"quantity\": 5000000000}");
            assertThatThrownBy(() -> old.deserializer()
                            .deserialize(topic, young.serializer().serialize(topic, second)))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContainingAll("topic=" + topic, "schema id=", "amount");
        }
    }

    @Test
    void useLatestVersionWritesInTheNewestSchemaByName() {
        Schema newest = SchemaBuilder.record("shop.Order")
                .fields()
                .optionalString("comment")
                .requiredLong("amount")
                .requiredString("id")
                .endRecord();
        client.register("latest-value", version1());
        int id = client.register("latest-value", newest);
        var serde =
                AvroSerdes.generic().registry(client()).useLatestVersion(true).build();

        byte[] bytes = serde.serializer().serialize("latest", order(version1(), 1));
        assertThat(bytes).startsWith(0, 0, 0, 0, id);
        assertThat(serde.deserializer().deserialize("latest", bytes))
                .hasToString("{\"comment\": null, \"amount\": 5, \"id\": \"1\"}");
    }

    @Test
    void kafkasClientsTakeSerializersAndOptionsByName() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("by-name"), 1);
        Map<String, Object> config = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "key.serializer", AvroSerializer.class.getName(),
                "value.serializer", AvroSerializer.class.getName(),
                "key.deserializer", AvroDeserializer.class.getName(),
                "value.deserializer", AvroDeserializer.class.getName(),
                "schema.registry.url", server.url(),
                "value.subject.name.strategy", "topic-record",
                "specific.avro.reader", "true");
        try (var producer = new KafkaProducer<Object, Object>(config)) {
            producer.send(new ProducerRecord<>(topic, "key", event("named"))).get();
        }
        try (var consumer = new KafkaConsumer<Object, Object>(config)) {
            var records = poll(consumer, topic, 1);
            assertThat(records.get(0).key()).hasToString("key");
            assertThat(records.get(0).value()).isEqualTo(event("named"));
        }
        assertThat(client().latest(topic + "-key").schema().getType()).isEqualTo(Schema.Type.STRING);
        assertThat(client().latest(topic + "-" + Event.class.getName()).version())
                .isEqualTo(1);
    }

    @Test
    void aDeadRegistryStopsOnlyWhoNeedsSomethingNewAndIsFoundAgainAfterARestart() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("restart"), 1);
        Map<String, Object> config = Map.of(
                AvroSerdeConfig.URL,
                server.url(),
                AvroSerdeConfig.RECORD_CLASS,
                Event.class,
                AvroSerdeConfig.MAX_RETRIES,
                1,
                AvroSerdeConfig.RETRIES_WAIT_MS,
                10);
        var serializer = new AvroSerializer<Event>();
        var deserializer = new AvroDeserializer<Event>();
        serializer.configure(config, false);
        deserializer.configure(config, false);
        produce(topic, serializer, event("before"));
        assertThat(consume(topic, deserializer, 1)).containsExactly(event("before"));

        server.kill();

        produce(topic, serializer, event("during"));
        assertThat(consume(topic, deserializer, 2)).containsExactly(event("before"), event("during"));
        assertThatThrownBy(() -> serializer.serialize(topic + "-other", event("new")))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll(topic + "-other", server.url())
                .hasCauseInstanceOf(RegistryUnavailableException.class);

        server.start();

        assertThat(serializer.serialize(topic + "-other", event("new"))).startsWith(0, 0, 0);
        var fresh = new AvroDeserializer<Event>();
        fresh.configure(config, false);
        assertThat(consume(topic, fresh, 2)).containsExactly(event("before"), event("during"));
    }

    private static SchemaRegistryClient client() {
        return SchemaRegistryClient.builder(server.url())
                .retries(1, Duration.ofMillis(10))
                .build();
    }

    private static RegistryOptions options() {
        return SchemaRegistryClient.builder(server.url()).options();
    }

    private static Map<String, Object> peer() {
        return Map.of(
                "apicurio.registry.url",
                server.nativeUrl(),
                "apicurio.registry.auto-register",
                true,
                "apicurio.registry.artifact-resolver-strategy",
                "io.apicurio.registry.serde.strategy.SimpleTopicIdStrategy",
                "apicurio.registry.use-specific-avro-reader",
                true);
    }

    private static Event event(String id) {
        return Events.now("test")
                .setId(id)
                .setTimestamp(Instant.parse("2026-01-01T12:00:00.123456789Z"))
                .setProcess("main")
                .setAttributes(Map.of("k", "v"))
                .build();
    }

    private static GenericRecord order(Schema schema, int id) {
        return new GenericRecordBuilder(schema)
                .set("id", Integer.toString(id))
                .set("amount", 5)
                .build();
    }

    private static void setCompatibility(String subject, String level) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/config/" + subject))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"compatibility\":\"" + level + "\"}"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
}
