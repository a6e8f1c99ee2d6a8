package io.forebay.examples.jfr;

import static io.forebay.examples.jfr.CapturedEvents.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.serdes.event.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Provokes real events in this JVM and sees them arrive. */
@Tag("slow")
class JfrSourceTest {

    private static final CapturedEvents EVENTS = new CapturedEvents();
    private static final Instant BEGIN = Instant.now();
    private static JfrSource source;

    @BeforeAll
    static void startCapturing() throws IOException {
        JfrSettings everything = JfrSettings.defaults();
        for (String timed : new String[] {
            "jdk.ThreadPark",
            "jdk.JavaMonitorEnter",
            "jdk.JavaMonitorWait",
            "jdk.FileRead",
            "jdk.FileWrite",
            "jdk.FileForce",
            "jdk.SocketRead",
            "jdk.SocketWrite",
            "jdk.ClassLoad"
        }) {
            everything = everything.with(timed, EventSetting.atLeast(Duration.ZERO));
        }
        source = JfrSource.ofThisJvm(everything, EVENTS);
        source.start();
    }

    @AfterAll
    static void stopCapturing() {
        source.close();
        assertThat(source.counts().failed()).isZero();
        assertThat(source.counts().captured()).isEqualTo(EVENTS.all().size());
        assertThat(EVENTS.all().stream().map(Event::getId)).doesNotHaveDuplicates();
        assertThat(EVENTS.all())
                .allSatisfy(event -> assertThat(event.getAttributes()).containsEntry("jvm", source.jvm()));
    }

    @Test
    void collectionsCarryTheirPhases() {
        System.gc();

        Event collection = EVENTS.awaitFirst(
                "jdk.GarbageCollection", e -> attribute(e, "cause").equals("System.gc()"));
        assertThat(collection.getCorrelation()).matches("gc-\\d+~" + source.jvm());
        assertThat(collection.getDurationNanos()).isPositive();
        assertThat(attribute(collection, "longestPause")).endsWith(" ns");
        Event pause = EVENTS.awaitFirst(
                "jdk.GCPhasePause", e -> collection.getCorrelation().equals(e.getCorrelation()));
        assertThat(pause.getDurationNanos()).isPositive();
        assertThat(pause.getProcess()).matches("VM Thread@\\d+");
    }

    @Test
    void contentionNamesTheMonitorAndItsOwner() throws InterruptedException {
        Object monitor = new Contended();
        CountDownLatch held = new CountDownLatch(1);
        Thread loser = new Thread(() -> enter(monitor), "loser");
        Thread owner = new Thread(() -> holdUntilContended(monitor, held, loser), "owner");
        owner.start();
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        loser.start();
        loser.join();
        owner.join();

        Event enter = EVENTS.awaitFirst(
                "jdk.JavaMonitorEnter", e -> attribute(e, "monitorClass").equals(Contended.class.getName()));
        assertThat(enter.getProcess()).isEqualTo("loser#" + loser.getId());
        assertThat(attribute(enter, "previousOwner")).isEqualTo("owner#" + owner.getId());
        assertThat(enter.getCorrelation()).matches("monitor-.*Contended@[0-9a-f]+~" + source.jvm());
        assertThat(enter.getModule()).isEqualTo(JfrSourceTest.class.getName());
        assertThat(enter.getFunction()).isEqualTo("enter");
        assertThat(enter.getDurationNanos()).isPositive();
        assertThat(enter.getTimestamp()).isBetween(BEGIN, Instant.now());
    }

    @Test
    void waitsAndParksNameWhatTheyWaitFor() throws InterruptedException {
        Contended monitor = new Contended();
        synchronized (monitor) {
            monitor.wait(5);
        }
        LockSupport.parkNanos(monitor, 5_000_000);

        Event waited = EVENTS.awaitFirst(
                "jdk.JavaMonitorWait", e -> attribute(e, "monitorClass").equals(Contended.class.getName()));
        assertThat(waited.getCorrelation()).startsWith("monitor-" + Contended.class.getName() + '@');
        assertThat(attribute(waited, "timeout")).isEqualTo("5000000 ns");
        Event parked = EVENTS.awaitFirst(
                "jdk.ThreadPark", e -> attribute(e, "parkedClass").equals(Contended.class.getName()));
        assertThat(parked.getCorrelation()).startsWith("park-" + Contended.class.getName() + '@');
        assertThat(parked.getProcess()).isEqualTo(self());
        assertThat(parked.getFunction()).isEqualTo("park");
    }

    @Test
    void fileTrafficBelongsToItsFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("notes.txt");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            channel.force(true);
        }
        assertThat(Files.readAllBytes(file)).hasSize(3);

        String correlation = "file-" + file;
        for (String type : new String[] {"jdk.FileWrite", "jdk.FileForce", "jdk.FileRead"}) {
            Event event = EVENTS.awaitFirst(type, e -> correlation.equals(e.getCorrelation()));
            assertThat(event.getProcess()).isEqualTo(self());
            assertThat(event.getDurationNanos()).isNotNegative();
        }
        assertThat(attribute(
                        EVENTS.awaitFirst("jdk.FileWrite", e -> correlation.equals(e.getCorrelation())),
                        "bytesWritten"))
                .isEqualTo("3 B");
    }

    @Test
    void socketTrafficBelongsToItsPeer() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.getOutputStream().write(new byte[7]);
            assertThat(accepted.getInputStream().readNBytes(7)).hasSize(7);

            Event write = EVENTS.awaitFirst(
                    "jdk.SocketWrite", e -> String.valueOf(e.getCorrelation()).endsWith(":" + server.getLocalPort()));
            assertThat(write.getCorrelation()).startsWith("socket-");
            assertThat(attribute(write, "bytesWritten")).isEqualTo("7 B");
            EVENTS.awaitFirst(
                    "jdk.SocketRead", e -> String.valueOf(e.getCorrelation()).endsWith(":" + client.getLocalPort()));
        }
    }

    @Test
    void exceptionsPointAtTheirThrowerRatherThanAtThrowable() {
        try {
            throw new TestFailure("on purpose");
        } catch (TestFailure expected) {
            assertThat(expected).hasMessage("on purpose");
        }

        Event thrown = EVENTS.awaitFirst(
                "jdk.JavaExceptionThrow", e -> attribute(e, "message").equals("on purpose"));
        assertThat(thrown.getCorrelation()).isEqualTo("exception-" + TestFailure.class.getName());
        assertThat(thrown.getModule()).isEqualTo(JfrSourceTest.class.getName());
        assertThat(thrown.getFunction()).isEqualTo("exceptionsPointAtTheirThrowerRatherThanAtThrowable");
        assertThat(thrown.getDurationNanos()).isNull();
    }

    @Test
    void errorsAreCapturedToo() {
        try {
            throw new AssertionError("an error on purpose");
        } catch (AssertionError expected) {
            assertThat(expected.getMessage()).startsWith("an error");
        }

        EVENTS.awaitFirst("jdk.JavaErrorThrow", e -> attribute(e, "message").equals("an error on purpose"));
    }

    @Test
    void classesBelongToTheirLoader() throws IOException, ReflectiveOperationException {
        URL[] testClasses = {
            JfrSourceTest.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (URLClassLoader loader = new URLClassLoader("plugins", testClasses, null)) {
            Class.forName(Contended.class.getName(), false, loader);
        }

        Event load = EVENTS.awaitFirst("jdk.ClassLoad", e -> "loader-plugins".equals(e.getCorrelation()));
        assertThat(attribute(load, "loadedClass")).isEqualTo(Contended.class.getName());
        assertThat(load.getProcess()).isEqualTo(self());
    }

    @Test
    void allocationsAndSamplesShowWhereTheProgramIs() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread busy = new Thread(() -> allocateUntil(done), "busy");
        busy.start();
        try {
            String busyName = "busy#" + busy.getId();
            Event allocation = EVENTS.awaitFirst("jdk.ObjectAllocationSample", e -> busyName.equals(e.getProcess()));
            assertThat(allocation.getCorrelation()).startsWith("class-");
            assertThat(attribute(allocation, "weight")).matches("\\d+ B");
            Event sample = EVENTS.awaitFirst("jdk.ExecutionSample", e -> busyName.equals(e.getProcess()));
            assertThat(sample.getCorrelation()).matches("stack-[0-9a-f]{8}");
            assertThat(sample.getFunction()).isNotBlank();
        } finally {
            done.set(true);
            busy.join();
        }
        EVENTS.awaitFirst("jdk.ObjectAllocationSample", e -> "class-byte[]".equals(e.getCorrelation()));
    }

    @Test
    void threadsLiveFromStartToEndUnderOneCorrelation() throws InterruptedException {
        Thread thread = new Thread(() -> {}, "short-lived");
        thread.start();
        thread.join();

        String correlation = "thread-" + thread.getId() + '~' + source.jvm();
        Event start = EVENTS.awaitFirst("jdk.ThreadStart", e -> correlation.equals(e.getCorrelation()));
        Event end = EVENTS.awaitFirst("jdk.ThreadEnd", e -> correlation.equals(e.getCorrelation()));
        assertThat(start.getProcess())
                .isEqualTo("short-lived#" + thread.getId())
                .isEqualTo(end.getProcess());
        assertThat(attribute(start, "parentThread")).isEqualTo(self());
        assertThat(start.getId()).isLessThan(end.getId());
    }

    @Test
    void loadIsMeasured() {
        Event load = EVENTS.awaitFirst("jdk.CPULoad", e -> true);

        assertThat(attribute(load, "machineTotal")).matches("\\d+\\.\\d %");
        assertThat(load.getCorrelation()).isEqualTo("jvm-" + source.jvm());
        assertThat(load.getProcess()).isNull();
    }

    @Test
    void attributesAreBounded() {
        try {
            throw new TestFailure("x".repeat(10_000));
        } catch (TestFailure expected) {
            assertThat(expected.getMessage()).hasSize(10_000);
        }

        Event thrown = EVENTS.awaitFirst(
                "jdk.JavaExceptionThrow", e -> attribute(e, "message").startsWith("xxx"));
        assertThat(attribute(thrown, "message")).hasSize(Attributes.MAX_LENGTH);
    }

    private static String self() {
        return Thread.currentThread().getName() + '#' + Thread.currentThread().getId();
    }

    private static void enter(Object monitor) {
        synchronized (monitor) {
            assertThat(Thread.holdsLock(monitor)).isTrue();
        }
    }

    private static void holdUntilContended(Object monitor, CountDownLatch held, Thread contender) {
        synchronized (monitor) {
            held.countDown();
            await().pollInSameThread().until(() -> contender.getState() == Thread.State.BLOCKED);
        }
    }

    private static void allocateUntil(AtomicBoolean done) {
        int size = 0;
        while (!done.get()) {
            byte[] bytes = new byte[1024 + size % 64];
            size += bytes.length;
        }
    }

    private static final class Contended {}

    private static final class TestFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TestFailure(String message) {
            super(message);
        }
    }
}
