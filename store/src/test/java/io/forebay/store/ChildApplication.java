package io.forebay.store;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@link StoreApplication} in a JVM of its own, to be killed. */
final class ChildApplication implements AutoCloseable {

    private final Process process;
    private final long restored;

    private ChildApplication(Process process, long restored) {
        this.process = process;
        this.restored = restored;
    }

    /** Starts one and waits until it is running. */
    static ChildApplication start(String bootstrapServers, String topic, String guarantee, Path stateDir)
            throws IOException {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElse(System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        StoreApplication.class.getName(),
                        bootstrapServers,
                        topic,
                        guarantee,
                        stateDir.toString()))
                .redirectError(new File("target", "child-application.log"))
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(StoreApplication.RUNNING)) {
                return new ChildApplication(process, Long.parseLong(line.substring(StoreApplication.RUNNING.length())));
            }
        }
        throw new IOException("the child ended before it was running; see target/child-application.log");
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
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the child did not stop within 60 s; see target/child-application.log");
        }
    }
}
