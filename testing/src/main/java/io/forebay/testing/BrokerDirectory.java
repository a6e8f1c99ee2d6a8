package io.forebay.testing;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one broker:
 *
 * <pre>
 * server.properties   written at every start
 * log/                Kafka's own log directory, formatted once
 *   meta.properties   present when formatting has finished
 *   .lock             held by the running broker
 * </pre>
 *
 * It refuses to touch a directory with anything else in it, so that a mistyped path never costs anybody's data.
 */
final class BrokerDirectory {

    private static final String CONFIG_FILE = "server.properties";
    private static final String LOG_DIR = "log";
    private static final String META_FILE = "meta.properties";
    private static final Set<String> OURS = Set.of(CONFIG_FILE, LOG_DIR);

    private final Path root;

    private BrokerDirectory(Path root) {
        this.root = root;
    }

    /** Creates the directory where it is missing, and checks that it is ours, usable and not in use. */
    static BrokerDirectory open(Path root) {
        BrokerDirectory directory = new BrokerDirectory(root.toAbsolutePath().normalize());
        directory.create();
        directory.requireOurs();
        directory.requireUnlocked();
        return directory;
    }

    Path root() {
        return root;
    }

    Path logDir() {
        return root.resolve(LOG_DIR);
    }

    /** Writes the settings and, the first time, formats the log directory. */
    void prepare(Map<String, Object> properties) {
        Path config = root.resolve(CONFIG_FILE);
        try (Writer out = Files.newBufferedWriter(config)) {
            Properties file = new Properties();
            file.putAll(properties);
            file.store(out, "Written at every start of the broker: changes made here are lost");
        } catch (IOException e) {
            throw notWritable(e);
        }
        if (Files.exists(metaFile())) {
            requireReadableMeta();
            requireSoundMetadataLog();
        } else {
            clearInterruptedFormat();
            format(config);
        }
    }

    /** Whether the broker that ran here last was killed. */
    boolean holdsKilledBroker() {
        return new MetadataLog(logDir()).endedUncleanly();
    }

    private void create() {
        try {
            Files.createDirectories(root);
        } catch (FileAlreadyExistsException e) {
            throw new KafkaStartException(Reason.DIRECTORY_FOREIGN, root + " is a file, not a directory", e);
        } catch (IOException e) {
            throw notWritable(e);
        }
        if (!Files.isWritable(root)) {
            throw notWritable(null);
        }
    }

    private void requireOurs() {
        List<String> strangers = list(root).stream()
                .filter(name -> !OURS.contains(name))
                .sorted()
                .toList();
        if (!strangers.isEmpty()) {
            throw new KafkaStartException(
                    Reason.DIRECTORY_FOREIGN,
                    root + " is not empty and not a broker's directory (it holds '" + strangers.get(0)
                            + "'): name an empty or a new directory");
        }
    }

    private void requireUnlocked() {
        Path lockFile = logDir().resolve(".lock");
        if (!Files.exists(lockFile)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(null);
            }
            lock.release();
        } catch (OverlappingFileLockException e) {
            throw inUse(e);
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    private void requireReadableMeta() {
        Properties meta = new Properties();
        try (Reader in = Files.newBufferedReader(metaFile())) {
            meta.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(metaFile() + " cannot be read (" + e.getMessage() + ")", e);
        }
        if (meta.getProperty("cluster.id", "").isBlank()) {
            throw damaged(metaFile() + " has no cluster.id", null);
        }
        String nodeId = meta.getProperty("node.id", "");
        if (!nodeId.equals(Integer.toString(BrokerProperties.NODE_ID))) {
            throw new KafkaStartException(
                    Reason.DIRECTORY_FOREIGN,
                    root + " belongs to another Kafka broker (node.id=" + nodeId + "): name another directory");
        }
        if (!Files.exists(logDir().resolve("bootstrap.checkpoint"))) {
            throw damaged(logDir() + " has lost its bootstrap.checkpoint", null);
        }
    }

    private void requireSoundMetadataLog() {
        try {
            String damage = new MetadataLog(logDir()).findDamage();
            if (damage != null) {
                throw damaged(damage, null);
            }
        } catch (IOException e) {
            throw damaged("the metadata log in " + logDir() + " cannot be read (" + e + ")", e);
        }
    }

    /** Formatting writes files only, and its meta file last: without that file, no broker has ever run here. */
    private void clearInterruptedFormat() {
        if (!Files.exists(logDir())) {
            return;
        }
        for (String name : list(logDir())) {
            Path leftover = logDir().resolve(name);
            if (Files.isDirectory(leftover)) {
                throw damaged(logDir() + " holds data ('" + name + "') but no " + META_FILE, null);
            }
            try {
                Files.delete(leftover);
            } catch (IOException e) {
                throw notWritable(e);
            }
        }
    }

    private void format(Path config) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", config.toString()};
        try (PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            int status = StorageTool.execute(arguments, out);
            if (status == 0) {
                return;
            }
        }
        throw new KafkaStartException(
                Reason.FAILED, "cannot format " + logDir() + ": " + output.toString(StandardCharsets.UTF_8));
    }

    private Path metaFile() {
        return logDir().resolve(META_FILE);
    }

    private static List<String> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private KafkaStartException damaged(String what, @Nullable Throwable cause) {
        return new KafkaStartException(
                Reason.DIRECTORY_DAMAGED,
                what + ": restore " + root + " from a copy, or remove it to start with an empty broker",
                cause);
    }

    private KafkaStartException inUse(@Nullable Throwable cause) {
        return new KafkaStartException(
                Reason.DIRECTORY_IN_USE,
                root + " is in use by another running broker: stop it, or name another directory",
                cause);
    }

    private KafkaStartException notWritable(@Nullable Throwable cause) {
        String detail = cause == null ? "" : " (" + cause + ")";
        return new KafkaStartException(
                Reason.DIRECTORY_NOT_WRITABLE,
                root + " cannot be created or written" + detail + ": check its permissions, or name another directory",
                cause);
    }
}
