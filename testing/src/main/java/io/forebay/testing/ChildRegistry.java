package io.forebay.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real schema registry, Apicurio's, as a child process: it can be killed and started again on the same port with the same
 * schemas, which it keeps in a database in its directory.
 *
 * <p>It ends with this JVM, unless that is killed; then the next one to start on the same directory ends it first.
 *
 * <p>Thread-safe.
 */
public final class ChildRegistry implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path runner;
    private final Path directory;
    private final int port = Ports.free();
    private final Thread endWithParent = new Thread(this::kill, "schema-registry-end");
    private @Nullable Process process;

    private ChildRegistry(Path runner, Path directory) {
        this.runner = runner;
        this.directory = directory;
    }

    /**
     * Starts a registry and waits until it answers.
     *
     * @param runner the jar {@code apicurio-registry-app-…-runner.jar}, in its unpacked distribution
     * @param directory where its schemas and its log are; made if it is missing
     * @throws IOException if it cannot be started; the message says why and where its log is
     */
    public static ChildRegistry start(Path runner, Path directory) throws IOException {
        if (!Files.isRegularFile(runner)) {
            throw new IOException("no schema registry at " + runner + ": expected Apicurio's runner jar");
        }
        Files.createDirectories(directory);
        ChildRegistry registry = new ChildRegistry(runner.toAbsolutePath(), directory.toAbsolutePath());
        registry.endLeftOver();
        Runtime.getRuntime().addShutdownHook(registry.endWithParent);
        registry.start();
        return registry;
    }

    /** Starts it again after {@link #kill}. */
    public synchronized void start() throws IOException {
        File log = directory.resolve("registry.log").toFile();
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.http.host=" + Ports.HOST,
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        runner.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        // Written at each commit and not half a second later: a registry that forgets would give an id a second time.
        String database = "jdbc:h2:file:" + directory.resolve("registry") + ";WRITE_DELAY=0";
        builder.environment().put("REGISTRY_DATASOURCE_URL", database);
        Process started = builder.start();
        process = started;
        Files.writeString(pidFile(), Long.toString(started.pid()));
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers()) {
            if (!started.isAlive() || Thread.currentThread().isInterrupted() || System.nanoTime() - deadline > 0) {
                kill();
                throw new IOException("the schema registry does not answer at " + url() + ": see " + log);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** The interface that is compatible with Confluent's registry. */
    public String url() {
        return "http://" + Ports.HOST + ":" + port + "/apis/ccompat/v7";
    }

    /** Apicurio's own interface. */
    public String nativeUrl() {
        return "http://" + Ports.HOST + ":" + port + "/apis/registry/v2";
    }

    /** Ends it without a chance to say goodbye. */
    public synchronized void kill() {
        if (process != null) {
            end(process.toHandle());
            process = null;
        }
    }

    /** Ends it; its database is made for that. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithParent);
        } catch (IllegalStateException e) {
            // this is the shutdown
        }
    }

    private void endLeftOver() throws IOException {
        if (Files.exists(pidFile())) {
            long pid = Long.parseLong(Files.readString(pidFile()).strip());
            Optional<ProcessHandle> leftOver = ProcessHandle.of(pid).filter(this::isRegistry);
            leftOver.ifPresent(ChildRegistry::end);
        }
    }

    private boolean isRegistry(ProcessHandle handle) {
        return handle.info()
                .commandLine()
                .filter(line -> line.contains(runner.toString()))
                .isPresent();
    }

    private static void end(ProcessHandle handle) {
        handle.destroyForcibly();
        handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private Path pidFile() {
        return directory.resolve("registry.pid");
    }

    private boolean answers() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not up yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
