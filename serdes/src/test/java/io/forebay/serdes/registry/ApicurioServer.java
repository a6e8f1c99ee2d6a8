package io.forebay.serdes.registry;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real Apicurio Registry in a process of its own, which a test can kill and start again on the same port with the same
 * data. It ends with the test's JVM at the latest.
 */
public final class ApicurioServer implements AutoCloseable {
    private static final Path RUNNER = Path.of(System.getProperty("forebay.test.apicurio", "target/apicurio"));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path directory;
    private final int port = freePort();
    private @Nullable Process process;

    /** Starts a registry that keeps its data in {@code directory}. */
    public ApicurioServer(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        start();
    }

    /** Starts it again after {@link #kill}. */
    public void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-jar",
                RUNNER.toString()));
        File log = directory.resolve("apicurio.log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().put("REGISTRY_DATASOURCE_URL", "jdbc:h2:file:" + directory.resolve("registry"));
        try {
            Process started = builder.start();
            process = started;
            Awaitility.await("Apicurio at port " + port + ", see " + log)
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !started.isAlive() || answers());
            if (!started.isAlive()) {
                throw new IllegalStateException("Apicurio did not start:\n" + Files.readString(log.toPath()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Confluent-compatible interface. */
    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Apicurio's own interface. */
    public String nativeUrl() {
        return "http://127.0.0.1:" + port + "/apis/registry/v2";
    }

    /** Sets the compatibility rule of a subject that exists. */
    public void compatibility(String subject, String level) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(url() + "/config/" + subject))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"compatibility\":\"" + level + "\"}"))
                .build());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("cannot set compatibility of " + subject + ": " + response.body());
        }
    }

    /** Ends it without a chance to say goodbye. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
        }
    }

    @Override
    public void close() {
        kill();
    }

    private boolean answers() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A port below the range of outgoing connections, so that none of them takes it between kill and start. */
    private static int freePort() {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
    }
}
