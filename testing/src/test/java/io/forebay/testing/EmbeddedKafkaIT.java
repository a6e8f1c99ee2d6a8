package io.forebay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaIT {

    private Path directory;

    @BeforeEach
    void createDirectory() {
        directory = TestDirectories.create("embedded");
    }

    @Test
    void keepsTopicsAndRecordsThroughARestartOnAnotherPort() {
        int firstPort;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            firstPort = kafka.port();
            Topics.create(kafka.bootstrapServers(), "orders");
            Topics.send(kafka.bootstrapServers(), "orders", "one", "two");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            assertThat(kafka.port()).isNotEqualTo(firstPort);
            Topics.send(kafka.bootstrapServers(), "orders", "three");
            assertThat(Topics.read(kafka.bootstrapServers(), "orders")).containsExactly("one", "two", "three");
        }
    }

    @Test
    void listensWhereItWasTold() {
        int port = Ports.free();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port)) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(kafka.directory()).isEqualTo(directory);
            Topics.create(kafka.bootstrapServers(), "orders");
        }
        assertThat(Ports.isFree(port)).isTrue();
    }

    @Test
    void passesSettingsOn() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder(directory)
                        .property("num.partitions", "7")
                        .start();
                BrokerClients clients = new BrokerClients(kafka.bootstrapServers())) {
            clients.admin()
                    .createTopics(List.of(new NewTopic("by-default", Optional.empty(), Optional.empty())))
                    .all()
                    .get();
            assertThat(clients.admin()
                            .describeTopics(List.of("by-default"))
                            .allTopicNames()
                            .get()
                            .values())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions()).hasSize(7));
        }
    }

    @Test
    void closesTwice() {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
        kafka.close();
        kafka.close();

        assertThat(directory.resolve("log/.kafka_cleanshutdown")).exists();
    }

    @Test
    void refusesADirectoryInUseWithoutDisturbingItsBroker() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            Topics.create(kafka.bootstrapServers(), "orders");

            assertThatExceptionOfType(KafkaStartException.class)
                    .isThrownBy(() -> EmbeddedKafka.start(directory, 0))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DIRECTORY_IN_USE));

            Topics.send(kafka.bootstrapServers(), "orders", "still there");
            assertThat(Topics.read(kafka.bootstrapServers(), "orders")).containsExactly("still there");
        }
    }

    @Test
    void refusesADamagedMetadataLogAndKeepsTheTopics() throws IOException {
        startWithRecordsAndStop();
        addNoise(metadataLog());

        assertFailsAsDamaged("is damaged at byte");

        assertThat(directory.resolve("log/orders-0")).isNotEmptyDirectory();
    }

    @Test
    void refusesALostMetadataLog() throws IOException {
        startWithRecordsAndStop();
        Files.move(
                directory.resolve("log/__cluster_metadata-0"),
                TestDirectories.create("moved").resolve("away"));

        assertFailsAsDamaged("no metadata log");
    }

    @Test
    void cutsATornMetadataBatchOffAfterACrash() throws IOException {
        startWithRecordsAndStop();
        Files.delete(directory.resolve("log/.kafka_cleanshutdown"));
        byte[] bytes = Files.readAllBytes(metadataLog());
        Files.write(metadataLog(), Arrays.copyOf(bytes, bytes.length - 3));

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            assertThat(Topics.read(kafka.bootstrapServers(), "orders")).containsExactly("one");
        }
    }

    @Test
    void survivesAFatalFaultOfTheBroker() throws IOException {
        startWithRecordsAndStop();
        Files.writeString(directory.resolve("log/recovery-point-offset-checkpoint"), "nonsense");

        assertFailsAsDamaged("gave up");
    }

    @Test
    void startsASecondTimeAfterAnotherBrokerFailed() throws IOException {
        Path broken = TestDirectories.create("broken");
        Files.writeString(broken.resolve("stranger"), "x");
        assertThatExceptionOfType(KafkaStartException.class).isThrownBy(() -> EmbeddedKafka.start(broken, 0));

        startWithRecordsAndStop();
    }

    private void startWithRecordsAndStop() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            Topics.create(kafka.bootstrapServers(), "orders");
            Topics.send(kafka.bootstrapServers(), "orders", "one");
        }
    }

    private void assertFailsAsDamaged(String detail) {
        assertThatExceptionOfType(KafkaStartException.class)
                .isThrownBy(() -> EmbeddedKafka.start(directory, 0))
                .withMessageContaining(directory.toString())
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DIRECTORY_DAMAGED));
    }

    private Path metadataLog() {
        return directory.resolve("log/__cluster_metadata-0/00000000000000000000.log");
    }

    /** Changes a byte in the middle. */
    private static void addNoise(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(file, bytes);
    }
}
