package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {

    private static final long OWN_PID = ProcessHandle.current().pid();

    @TempDir
    Path temporary = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void nameRoot() {
        root = temporary.resolve("data");
    }

    @Test
    void createsTheDirectoryAndItsLog() throws IOException {
        try (DataDir dataDir = DataDir.open(root)) {
            assertThat(dataDir.root()).isEqualTo(root);
            assertThat(dataDir.kafka()).isEqualTo(root.resolve("kafka"));
            assertThat(dataDir.streams()).isEqualTo(root.resolve("streams"));
            assertThat(dataDir.logFile()).exists();
        }
    }

    @Test
    void tellsWhereTheInstanceIsWhileItRuns() throws IOException {
        RunInfo info = info(OWN_PID, Instant.now());
        try (DataDir dataDir = DataDir.open(root)) {
            assertThat(DataDir.running(root)).isEmpty();
            dataDir.announce(info);
            assertThat(DataDir.running(root)).contains(info);
            assertThat(root.resolve("run.json")).content().contains("\"pid\" : " + OWN_PID, "\"startedAt\" : \"20");
        }
        assertThat(DataDir.running(root)).isEmpty();
        assertThat(root.resolve("run.json")).doesNotExist();
    }

    @Test
    void ignoresWhatADeadProcessHasLeft() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(30, TimeUnit.SECONDS)).isTrue();
        try (DataDir dataDir = DataDir.open(root)) {
            dataDir.announce(info(dead.pid(), Instant.now()));
            assertThat(DataDir.running(root)).isEmpty();
        }
    }

    @Test
    void ignoresAnotherProcessWithTheSameId() throws IOException {
        try (DataDir dataDir = DataDir.open(root)) {
            dataDir.announce(info(OWN_PID, Instant.EPOCH));
            assertThat(DataDir.running(root)).isEmpty();
        }
    }

    @Test
    void refusesADirectoryInUseAndNamesItsOwner() throws IOException {
        try (DataDir dataDir = DataDir.open(root)) {
            assertThat(dataDir.root()).exists();
            assertRefused("in use by another instance (process " + OWN_PID + ")", "--data-dir");
        }
        DataDir.open(root).close();
    }

    @Test
    void refusesADirectoryWithOtherThings() throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolve("photo.jpg"), "precious");

        assertRefused("photo.jpg", "--data-dir");

        assertThat(root.resolve("forebay.lock")).doesNotExist();
    }

    @Test
    void refusesAFile() throws IOException {
        Files.createFile(root);

        assertRefused("is a file");
    }

    @Test
    void refusesADirectoryThatCannotBeCreated() {
        root = Path.of("/proc/forebay");

        assertRefused("/proc/forebay", "cannot be created or written", "permissions");
    }

    @Test
    void reportsADamagedRunFile() throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolve("run.json"), "{\"pid\": ");

        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> DataDir.running(root))
                .withMessageContaining("run.json is damaged")
                .withMessageContaining("--server");
    }

    @Test
    void closesTwice() throws IOException {
        DataDir dataDir = DataDir.open(root);
        dataDir.close();
        dataDir.close();
    }

    private void assertRefused(String... message) {
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> DataDir.open(root))
                .satisfies(e -> assertThat(e.getMessage()).contains(message));
    }

    private RunInfo info(long pid, Instant startedAt) {
        return new RunInfo(
                pid, startedAt, "127.0.0.1:9092", "http://127.0.0.1:8470", root.toString(), "forebay-events", null);
    }
}
