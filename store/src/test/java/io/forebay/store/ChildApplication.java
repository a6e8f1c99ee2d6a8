package io.forebay.store;

import io.forebay.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A {@link StoreApplication} in a JVM of its own, to be killed. */
final class ChildApplication implements AutoCloseable {

    private static final Path LOG = Path.of("target", "child-application.log");

    private final ChildJvm jvm;
    private long restored;

    private ChildApplication(ChildJvm jvm) {
        this.jvm = jvm;
    }

    /** Starts one and waits until it is running. */
    static ChildApplication start(ApplicationSettings settings) throws IOException {
        ChildApplication child = new ChildApplication(launch(settings, "NEVER:1"));
        child.restored = Long.parseLong(child.jvm.awaitLine(StoreApplication.RUNNING));
        return child;
    }

    /** Starts one that ends itself at a moment that {@link HaltAt} knows, which may be soon. */
    static ChildApplication startToHalt(ApplicationSettings settings, String moment, int occurrence)
            throws IOException {
        return new ChildApplication(launch(settings, moment + ":" + occurrence));
    }

    private static ChildJvm launch(ApplicationSettings settings, String halt) throws IOException {
        List<String> options = List.of("-Xmx512m", "-D" + HaltAt.PROPERTY + "=" + halt);
        return ChildJvm.start(StoreApplication.class, LOG, options, settings.arguments());
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    /** Waits for its end, which it has to come to at the moment chosen. */
    void awaitHalt() throws IOException, InterruptedException {
        int exitCode = jvm.end();
        if (exitCode != HaltAt.EXIT_CODE) {
            throw new AssertionError("the child ended with exit code " + exitCode + ", not by halting; see " + LOG);
        }
    }

    /** How many changelog records it read before it was running. */
    long restoredRecords() {
        return restored;
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        jvm.kill();
    }

    /** Closes it in order. */
    @Override
    public void close() throws IOException, InterruptedException {
        jvm.end();
    }
}
