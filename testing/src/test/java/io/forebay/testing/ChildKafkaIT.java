package io.forebay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ChildKafkaIT {

    private Path directory;

    @BeforeEach
    void createDirectory() {
        directory = TestDirectories.create("child");
    }

    @Test
    void keepsAcknowledgedRecordsThroughAKill() {
        try (ChildKafka kafka = ChildKafka.start(directory, 0)) {
            String address = kafka.bootstrapServers();
            long pid = kafka.pid();
            Topics.create(address, "orders");
            Topics.send(address, "orders", "one", "two");

            kafka.kill();
            assertThat(kafka.isAlive()).isFalse();
            assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).isNotEqualTo(Optional.of(true));

            kafka.restart();
            assertThat(kafka.pid()).isNotEqualTo(pid);
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            Topics.send(address, "orders", "three");
            assertThat(Topics.read(address, "orders")).containsExactly("one", "two", "three");
        }
    }

    @Test
    void closesInOrderAndLeavesNoProcess() throws IOException {
        ChildKafka kafka = ChildKafka.start(directory, 0);
        ProcessHandle process = ProcessHandle.of(kafka.pid()).orElseThrow();

        kafka.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(directory.resolve("log/.kafka_cleanshutdown")).exists();
        assertThat(Files.readString(kafka.logFile())).doesNotContain("ERROR", "StatusLogger");
    }

    @Test
    void saysWhyItCannotStart() throws IOException {
        Files.writeString(directory.resolve("stranger"), "x");

        assertThatExceptionOfType(KafkaStartException.class)
                .isThrownBy(() -> ChildKafka.start(directory, 0))
                .withMessageContaining("stranger")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DIRECTORY_FOREIGN));
    }
}
