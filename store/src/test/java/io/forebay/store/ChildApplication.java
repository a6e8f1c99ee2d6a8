package io.forebay.store;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@link StoreApplication} in a JVM of its own, to be killed. */
final class ChildApplication implements AutoCloseable {

    private final Process process;
    private long restored;

    private ChildApplication(Process process) {
        this.process = process;
    }

    /** Starts one and waits until it is running. */
    static ChildApplication start(ApplicationSettings settings) throws IOException {
        ChildApplication child = new ChildApplication(launch(settings, "NEVER:1"));
        child.awaitRunning();
        return child;
    }

    /** Starts one that ends itself at a moment that {@link HaltAt} knows, which may be soon. */
    static ChildApplication startToHalt(ApplicationSettings settings, String moment, int occurrence)
            throws IOException {
        return new ChildApplication(launch(settings, moment + ":" + occurrence));
    }

    private static Process launch(ApplicationSettings settings, String halt) throws IOException {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElse(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-D" + HaltAt.PROPERTY + "=" + halt,
                "-cp",
                classPath,
                StoreApplication.class.getName()));
        command.addAll(settings.arguments());
        return new ProcessBuilder(command)
                .redirectError(new File("target", "child-application.log"))
                .start();
    }

    private void awaitRunning() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(StoreApplication.RUNNING)) {
                restored = Long.parseLong(line.substring(StoreApplication.RUNNING.length()));
                return;
            }
        }
        throw new IOException("the child ended before it was running; see target/child-application.log");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end, which it has to come to at the moment chosen. */
    void awaitHalt() throws IOException, InterruptedException {
        end();
        if (process.exitValue() != HaltAt.EXIT_CODE) {
            throw new AssertionError("the child ended with exit code " + process.exitValue()
                    + ", not by halting; see target/child-application.log");
        }
    }

    /** How many changelog records it read before it was running. */
    long restoredRecords() {
        return restored;
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Closes it in order. */
    @Override
    public void close() throws IOException, InterruptedException {
        end();
    }

    private void end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the child did not stop within 60 s; see target/child-application.log");
        }
    }
}
