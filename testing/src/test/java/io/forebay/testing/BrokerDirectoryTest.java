package io.forebay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerDirectoryTest {

    private Path root;

    @BeforeEach
    void createRoot() {
        root = TestDirectories.create("directory");
    }

    @Test
    void formatsAnEmptyDirectoryOnce() throws IOException {
        prepare();
        String meta = Files.readString(root.resolve("log/meta.properties"));

        prepare();

        assertThat(meta).contains("cluster.id=", "node.id=1");
        assertThat(root.resolve("log/meta.properties")).hasContent(meta);
    }

    @Test
    void createsMissingParents() {
        root = root.resolve("a/b/c");

        prepare();

        assertThat(root.resolve("log/meta.properties")).exists();
    }

    @Test
    void refusesAFile() throws IOException {
        root = Files.createFile(root.resolve("file"));

        assertFails(this::prepare, Reason.DIRECTORY_FOREIGN, root.toString(), "is a file");
    }

    @Test
    void refusesADirectoryWithOtherThingsAndLeavesThemAlone() throws IOException {
        Path photo = Files.writeString(root.resolve("photo.jpg"), "precious");

        assertFails(this::prepare, Reason.DIRECTORY_FOREIGN, root.toString(), "photo.jpg", "new directory");

        assertThat(root).isDirectoryNotContaining(entry -> !entry.equals(photo));
        assertThat(photo).hasContent("precious");
    }

    @Test
    void refusesAnotherBrokersDirectory() throws IOException {
        prepare();
        Files.writeString(root.resolve("log/meta.properties"), "version=1\ncluster.id=abc\nnode.id=7\n");

        assertFails(this::prepare, Reason.DIRECTORY_FOREIGN, "node.id=7");
    }

    @Test
    void refusesADirectoryThatCannotBeCreated() {
        root = Path.of("/proc/forebay");

        assertFails(this::prepare, Reason.DIRECTORY_NOT_WRITABLE, "/proc/forebay", "permissions");
    }

    @Test
    void refusesAMetaFileWithoutClusterId() throws IOException {
        prepare();
        Files.writeString(root.resolve("log/meta.properties"), "");

        assertFails(this::prepare, Reason.DIRECTORY_DAMAGED, "cluster.id", root.toString());
    }

    @Test
    void refusesAnUnreadableMetaFile() throws IOException {
        prepare();
        Files.write(root.resolve("log/meta.properties"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertFails(this::prepare, Reason.DIRECTORY_DAMAGED, "meta.properties");
    }

    @Test
    void refusesADirectoryWithoutBootstrapCheckpoint() throws IOException {
        prepare();
        Files.delete(root.resolve("log/bootstrap.checkpoint"));

        assertFails(this::prepare, Reason.DIRECTORY_DAMAGED, "bootstrap.checkpoint");
    }

    @Test
    void refusesDataWithoutMetaFile() throws IOException {
        prepare();
        Files.delete(root.resolve("log/meta.properties"));
        Path data = Files.createDirectory(root.resolve("log/orders-0"));

        assertFails(this::prepare, Reason.DIRECTORY_DAMAGED, "orders-0", "meta.properties");
        assertThat(data).exists();
    }

    @Test
    void finishesAnInterruptedFormat() throws IOException {
        prepare();
        Files.delete(root.resolve("log/meta.properties"));

        prepare();

        assertThat(root.resolve("log/meta.properties")).exists();
    }

    @Test
    void refusesADirectoryInUse() throws IOException {
        prepare();
        Path lockFile = root.resolve("log/.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertFails(this::prepare, Reason.DIRECTORY_IN_USE, root.toString(), "another running broker");
        }
        prepare();
    }

    private void prepare() {
        BrokerDirectory directory = BrokerDirectory.open(root);
        directory.prepare(BrokerProperties.of(directory.logDir(), 29_092, 29_093, Map.of()));
    }

    private static void assertFails(ThrowingCallable action, Reason reason, String... message) {
        assertThatExceptionOfType(KafkaStartException.class)
                .isThrownBy(action)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .satisfies(e -> assertThat(e.getMessage()).contains(message));
    }
}
