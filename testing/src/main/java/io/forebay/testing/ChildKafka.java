package io.forebay.testing;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain EmbeddedKafka embedded broker} in a process of its own, so that a test can kill it as a crash would.
 *
 * <pre>{@code
 * try (ChildKafka kafka = ChildKafka.start(directory, 0)) {
 *     kafka.kill();
 *     kafka.restart();
 * }
 * }</pre>
 *
 * <p>Ready two to three seconds after a start, also after a kill. The process ends when this object is closed and when this JVM ends, however it ends.
 * What the broker logs (warnings and errors) is appended to {@code <directory>.log}, beside the directory.
 *
 * <p>Thread-safe: its methods exclude each other.
 */
public final class ChildKafka implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Path directory;
    private final Path logFile;
    private final int port;
    private final Map<String, String> overrides;
    private @Nullable Process process;

    private ChildKafka(Path directory, int port, Map<String, String> overrides) {
        this.directory = directory.toAbsolutePath().normalize();
        this.logFile = this.directory.resolveSibling(this.directory.getFileName() + ".log");
        this.port = port;
        this.overrides = new TreeMap<>(overrides);
    }

    /**
     * Starts a broker process and waits until the broker answers.
     *
     * @param directory the broker's own directory, created if it is missing; must be empty or an earlier broker's
     * @param port where to listen on 127.0.0.1; 0 = any free port, which is kept through restarts
     * @throws KafkaStartException if it cannot start; the exception tells why
     */
    public static ChildKafka start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /**
     * Like {@link #start(Path, int)}, with broker settings of its own.
     *
     * @throws KafkaStartException if it cannot start; the exception tells why
     */
    public static ChildKafka start(Path directory, int port, Map<String, String> properties) {
        ChildKafka kafka = new ChildKafka(directory, port == 0 ? Ports.free() : port, properties);
        kafka.restart();
        return kafka;
    }

    /** {@code host:port}, for {@code bootstrap.servers}; the same after a restart. */
    public String bootstrapServers() {
        return Ports.HOST + ":" + port;
    }

    /** Where the broker's warnings and errors are. */
    public Path logFile() {
        return logFile;
    }

    /** Whether the process is running. */
    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The process id of the broker, which changes with every restart. */
    public synchronized long pid() {
        if (process == null) {
            throw new IllegalStateException("the broker is not running: restart() it first");
        }
        return process.pid();
    }

    /** Ends the process with {@code SIGKILL}, as a crash would, and waits until it is gone. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitExit(process);
            process = null;
        }
    }

    /**
     * Starts the broker again, on the same port and the same directory, and waits until it answers. A broker that is still
     * running is closed in order first.
     *
     * @throws KafkaStartException if it cannot start; the exception tells why
     */
    public synchronized void restart() {
        close();
        Process started = launch();
        process = started;
        try {
            awaitReady(started);
        } catch (KafkaStartException e) {
            kill();
            throw e;
        }
    }

    /** Closes the broker in order and waits for its process to end; kills it after 30 s. Further calls do nothing. */
    @Override
    public synchronized void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close(); // the end of its input is its sign to stop
        } catch (IOException e) {
            running.destroy();
        }
        awaitExit(running);
        process = null;
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=io/forebay/testing/child-logback.xml",
                ChildBroker.class.getName(),
                directory.toString(),
                Integer.toString(port)));
        overrides.forEach((name, value) -> command.add(name + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", classPath());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        try {
            Files.createDirectories(logFile.getParent());
            return builder.start();
        } catch (IOException e) {
            throw new KafkaStartException(
                    Reason.FAILED, "cannot start a broker process for " + directory + ": " + e, e);
        }
    }

    /** Surefire hides the real class path behind a jar with a manifest, and names it in a property. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private void awaitReady(Process started) {
        CompletableFuture<@Nullable String> answer = new CompletableFuture<>();
        Thread reader = new Thread(() -> readAnswer(started, answer), "forebay-child-kafka-" + started.pid());
        reader.setDaemon(true);
        reader.start();
        try {
            String line = answer.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (line == null || !line.startsWith(ChildBroker.READY)) {
                throw failure(line);
            }
        } catch (ExecutionException e) {
            throw new KafkaStartException(Reason.FAILED, "lost the broker process of " + directory, e);
        } catch (TimeoutException e) {
            throw new KafkaStartException(
                    Reason.TIMED_OUT,
                    "the broker process of " + directory + " was not ready within " + START_TIMEOUT + ": see "
                            + logFile,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaStartException(Reason.FAILED, "interrupted while the broker process was starting", e);
        }
    }

    private static void readAnswer(Process started, CompletableFuture<@Nullable String> answer) {
        try (BufferedReader out = started.inputReader(StandardCharsets.UTF_8)) {
            answer.complete(out.readLine());
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
    }

    private KafkaStartException failure(@Nullable String line) {
        if (line == null || !line.startsWith(ChildBroker.FAILED)) {
            return new KafkaStartException(
                    Reason.FAILED, "the broker process of " + directory + " ended while starting: see " + logFile);
        }
        String[] reasonAndMessage = line.substring(ChildBroker.FAILED.length()).split(" ", 2);
        return new KafkaStartException(Reason.valueOf(reasonAndMessage[0]), reasonAndMessage[1]);
    }

    private void awaitExit(Process ending) {
        try {
            if (!ending.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
