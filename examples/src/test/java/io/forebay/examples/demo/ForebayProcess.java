package io.forebay.examples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.examples.cli.DataDir;
import io.forebay.examples.cli.Main;
import io.forebay.examples.cli.RunInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A {@code forebay} command in a process of its own, as the launcher starts it. */
final class ForebayProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path out;
    private final Path err;

    private ForebayProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static ForebayProcess start(Path directory, String... arguments) throws IOException {
        Files.createDirectories(directory);
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-cp",
                Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                        .orElse(System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new ForebayProcess(process, out, err);
    }

    /** Runs a command to its end. */
    static Outcome run(Path directory, String... arguments) throws IOException, InterruptedException {
        try (ForebayProcess process = start(directory, arguments)) {
            return process.awaitExit();
        }
    }

    /** Waits until a demo has announced itself in its data directory. */
    RunInfo awaitRunning(Path dataDir) {
        return await("run.json", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the process ended: " + read(err));
            }
            return DataDir.running(dataDir).filter(info -> info.pid() == process.pid());
        });
    }

    /** The answer to a GET, as JSON; empty unless it is 200. */
    Optional<JsonNode> get(RunInfo info, String path) {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(URI.create(info.url()).resolve(path)).build(), BodyHandlers.ofByteArray());
            return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (IOException e) {
            throw new AssertionError("GET " + path + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static <T> T await(String what, Supplier<Optional<T>> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> result = condition.get();
            if (result.isPresent()) {
                return result.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("no " + what + " within " + PATIENCE);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, as from Ctrl-C, and what it said until it ended. */
    Outcome terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    Outcome awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process did not end within " + PATIENCE + ": " + read(err));
        }
        return new Outcome(process.exitValue(), read(out), read(err));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }

    /** How a process ended. */
    record Outcome(int exitCode, String out, String err) {

        /** The last line of standard output, which a demo fills with its numbers. */
        JsonNode summary() {
            List<String> lines = out.lines().toList();
            try {
                return JSON.readTree(lines.get(lines.size() - 1));
            } catch (IOException e) {
                throw new AssertionError("the last line is not JSON: " + out, e);
            }
        }
    }
}
