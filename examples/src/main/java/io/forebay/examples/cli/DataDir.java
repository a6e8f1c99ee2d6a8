package io.forebay.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The directory an instance keeps everything in, for one instance at a time.
 *
 * <pre>
 * forebay.lock   locked while an instance runs; holds its process id; marks the directory as ours
 * identity       a random name, for what must not be mixed up with another directory's
 * run.json       the addresses of the running instance
 * forebay.log    its log
 * kafka/         the embedded broker's data
 * registry/      the embedded schema registry's schemas
 * streams/       the state stores
 * </pre>
 *
 * <p>Not thread-safe, except for {@link #close}.
 */
public final class DataDir implements AutoCloseable {

    /** Where data goes unless {@code --data-dir} says otherwise. */
    public static final String DEFAULT = ".forebay";

    private static final String LOCK_FILE = "forebay.lock";
    private static final String RUN_FILE = "run.json";
    private static final String IDENTITY_FILE = "identity";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final Path root;
    private final FileChannel lockChannel;

    private DataDir(Path root, FileChannel lockChannel) {
        this.root = root;
        this.lockChannel = lockChannel;
    }

    /**
     * Creates the directory where it is missing, takes its lock and sends the log to its log file.
     *
     * @throws UserError if it is in use by another instance, cannot be written, or holds something else
     */
    public static DataDir open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        create(root);
        requireOurs(root);
        DataDir dataDir = new DataDir(root, lock(root));
        LogOutput.writeTo(dataDir.logFile());
        return dataDir;
    }

    /**
     * The instance that is running on {@code directory}, if any. What an instance that was killed has left behind does not
     * count.
     *
     * @throws UserError if {@code run.json} cannot be read
     */
    public static Optional<RunInfo> running(Path directory) {
        Path file = directory.toAbsolutePath().normalize().resolve(RUN_FILE);
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), RunInfo.class))
                    .filter(RunInfo::isAlive);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new UserError(
                    file + " is damaged (" + e.getOriginalMessage() + "): name the server with --server URL instead",
                    e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + " (" + e + "): check its permissions", e);
        }
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** For the embedded broker. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** For the embedded schema registry. */
    public Path registry() {
        return root.resolve("registry");
    }

    /** For the state stores. */
    public Path streams() {
        return root.resolve("streams");
    }

    /** The log file. */
    public Path logFile() {
        return root.resolve("forebay.log");
    }

    /** A name for this directory that no other has, wherever it is: the same for every run. */
    public String identity() {
        Path file = root.resolve(IDENTITY_FILE);
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, UUID.randomUUID().toString());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw notWritable(root, e);
        }
    }

    /** Tells the other verbs where this instance is. A reader sees the old file or the new one, never half of it. */
    public void announce(RunInfo info) {
        Path temporary = root.resolve(RUN_FILE + ".tmp");
        try {
            Files.write(temporary, JSON.writeValueAsBytes(info));
            Files.move(
                    temporary,
                    root.resolve(RUN_FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw notWritable(root, e);
        }
    }

    /** Removes {@code run.json} and gives the directory free. Further calls do nothing. */
    @Override
    public synchronized void close() throws IOException {
        if (lockChannel.isOpen()) {
            try (lockChannel) {
                Files.deleteIfExists(root.resolve(RUN_FILE));
            }
        }
    }

    private static void create(Path root) {
        try {
            Files.createDirectories(root);
        } catch (FileAlreadyExistsException e) {
            throw new UserError("data directory " + root + " is a file: name a directory with --data-dir", e);
        } catch (IOException e) {
            throw notWritable(root, e);
        }
    }

    private static void requireOurs(Path root) {
        if (Files.exists(root.resolve(LOCK_FILE))) {
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            entries.findAny().ifPresent(stranger -> {
                throw new UserError("data directory " + root + " holds something else ('" + stranger.getFileName()
                        + "'): name an empty or a new directory with --data-dir");
            });
        } catch (IOException e) {
            throw notWritable(root, e);
        }
    }

    private static FileChannel lock(Path root) {
        Path file = root.resolve(LOCK_FILE);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new UserError("data directory " + root + " is in use by another instance (process " + owner(file)
                        + "): stop it, or name another directory with --data-dir");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            throw notWritable(root, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }

    private static String owner(Path lockFile) {
        try {
            return Files.readString(lockFile, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static UserError notWritable(Path root, IOException cause) {
        return new UserError(
                "data directory " + root + " cannot be created or written (" + cause
                        + "): check its permissions, or name another directory with --data-dir",
                cause);
    }
}
