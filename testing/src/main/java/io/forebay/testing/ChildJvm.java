package io.forebay.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program in a JVM of its own, with the class path of this one: to be killed, or told to end by the end of its standard input,
 * which also comes when this JVM ends. What it logs is appended to a file.
 *
 * <p>For one thread at a time.
 */
public final class ChildJvm implements AutoCloseable {

    private static final long CLOSE_TIMEOUT_SECONDS = 60;

    private final Process process;
    private final Path log;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a program; does not wait for anything.
     *
     * @param log the file that its standard error is appended to
     * @param jvmOptions options such as {@code -Xmx512m} or {@code -Dname=value}
     */
    public static ChildJvm start(Class<?> program, Path log, List<String> jvmOptions, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(jvmOptions);
        command.add(program.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Surefire hides the real class path behind a jar with a manifest, and names it in a property.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        builder.environment().put("CLASSPATH", classPath);
        Path parent = log.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ChildJvm(builder.start(), log);
    }

    /**
     * Waits for a line on its standard output that begins like this; what comes after it is appended to the log. To be called once.
     *
     * @return the rest of the line
     * @throws IOException if it ends before
     */
    public String awaitLine(String prefix) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(prefix)) {
                keepReading(out);
                return line.substring(prefix.length());
            }
        }
        throw new IOException("the program ended before it said \"" + prefix + "\": see " + log);
    }

    /** A program whose output nobody reads would stand still when the pipe is full. */
    private void keepReading(BufferedReader out) {
        Thread reader = new Thread(
                () -> {
                    try (out;
                            Writer rest = Files.newBufferedWriter(
                                    log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                        out.transferTo(rest);
                    } catch (IOException e) {
                        // it was killed
                    }
                },
                "child-jvm-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Whether it is running. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}; waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /**
     * Tells it to end, and waits for that.
     *
     * @return its exit code
     * @throws IOException if it has not ended after 60 s; it is killed then
     */
    public int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the program did not end within " + CLOSE_TIMEOUT_SECONDS + " s: see " + log);
        }
        return process.exitValue();
    }

    /** Kills it if it is still running. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
