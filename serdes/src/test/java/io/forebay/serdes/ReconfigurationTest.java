package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.serdes.registry.StubServer;
import io.forebay.serdes.registry.StubServer.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Kafka may configure a serde more than once: what the former configuration has opened is closed. On Java 17 the last thread
 * of a connection ends when its client is collected, so nobody may hold the former codec any more.
 */
class ReconfigurationTest {

    private static final Schema SCHEMA =
            SchemaBuilder.record("R").fields().requiredString("s").endRecord();
    private static final GenericRecord RECORD =
            new GenericRecordBuilder(SCHEMA).set("s", "x").build();
    private static final byte[] BYTES = {0, 0, 0, 0, 1, 2, 'x'};

    private final StubServer server = new StubServer(request ->
            new Reply(200, "{\"id\": 1, \"schema\": \"" + SCHEMA.toString().replace("\"", "\\\"") + "\"}"));
    private final Map<String, Object> withRegistry = Map.of("schema.registry.url", server.url());

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void aSerdeClosesWhatItHadOpened() {
        Set<Thread> before = clientThreads();
        AvroSerde<GenericRecord> serde = new AvroSerde<>();
        serde.configure(withRegistry, false);
        assertThat(serde.deserializer().deserialize("t", BYTES)).isEqualTo(RECORD);
        assertThat(clientThreads()).hasSizeGreaterThan(before.size());
        serde.configure(Map.of(), false);
        awaitNoneBut(before);
    }

    @Test
    void aSerializerClosesWhatItHadOpened() {
        Set<Thread> before = clientThreads();
        AvroSerializer<GenericRecord> serializer = new AvroSerializer<>();
        serializer.configure(withRegistry, false);
        assertThat(serializer.serialize("t", RECORD)).isEqualTo(BYTES);
        assertThat(clientThreads()).hasSizeGreaterThan(before.size());
        serializer.configure(Map.of(), false);
        awaitNoneBut(before);
    }

    @Test
    void aDeserializerClosesWhatItHadOpened() {
        Set<Thread> before = clientThreads();
        AvroDeserializer<GenericRecord> deserializer = new AvroDeserializer<>();
        deserializer.configure(withRegistry, false);
        assertThat(deserializer.deserialize("t", BYTES)).isEqualTo(RECORD);
        assertThat(clientThreads()).hasSizeGreaterThan(before.size());
        deserializer.configure(Map.of(), false);
        awaitNoneBut(before);
    }

    private static void awaitNoneBut(Set<Thread> before) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return before.containsAll(clientThreads());
        });
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-")
                        || thread.getName().startsWith("forebay-schema-registry"))
                .collect(Collectors.toSet());
    }
}
