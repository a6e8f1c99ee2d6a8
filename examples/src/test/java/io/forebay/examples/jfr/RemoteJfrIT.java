package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.TypeRule;
import io.forebay.serdes.event.Event;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Observes another JVM, in a process of its own, over JMX. */
class RemoteJfrIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Process observed;
    private JvmAddress address;

    @BeforeEach
    void startJvm() throws IOException {
        address = new JvmAddress("127.0.0.1", freePort());
        observed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Djava.rmi.server.hostname=127.0.0.1",
                        "-Dcom.sun.management.jmxremote.port=" + address.port(),
                        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                        "-Dcom.sun.management.jmxremote.authenticate=false",
                        "-Dcom.sun.management.jmxremote.ssl=false",
                        "-cp",
                        Path.of("target", "test-classes").toAbsolutePath().toString(),
                        ObservedProgram.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("observed.log").toFile())
                .start();
        await().atMost(DEADLINE).until(() -> accepts(address) || !observed.isAlive());
        assertThat(observed.isAlive()).isTrue();
    }

    @AfterEach
    void stopJvm() throws InterruptedException {
        observed.destroyForcibly().waitFor();
    }

    @Test
    void capturesWhatAnotherJvmDoes() throws IOException {
        CapturedEvents events = new CapturedEvents();
        try (JfrSource source = JfrSource.ofJvmAt(address, JfrSettings.defaults(), events)) {
            source.start();
            awaitRunning(events);
            tell("gc");
            Event collection = events.awaitFirst("jdk.GarbageCollection", e -> true);
            assertThat(collection.getCorrelation()).endsWith('~' + source.jvm());
            tell("throw");
            Event thrown = events.awaitFirst(
                    "jdk.JavaExceptionThrow",
                    e -> CapturedEvents.attribute(e, "message").equals("from afar"));
            assertThat(thrown.getProcess()).matches("main#\\d+");
            assertThat(thrown.getModule()).isEqualTo(ObservedProgram.class.getName());
        }
    }

    @Test
    void closeHandsOverEverythingThatHappenedBefore() throws IOException {
        CapturedEvents events = new CapturedEvents();
        JfrSource source = JfrSource.ofJvmAt(address, JfrSettings.defaults(), events);
        source.start();
        awaitRunning(events);
        tell("threads");
        awaitAnswer("threads done");

        assertThat(source.close(Duration.ofSeconds(30))).isTrue();

        assertThat(events.all("jdk.ThreadEnd").stream()
                        .filter(e -> String.valueOf(e.getProcess()).startsWith("burst-")))
                .hasSize(ObservedProgram.THREADS);
    }

    @Test
    void followsACapturePlanWhileRunning() throws IOException {
        CapturedEvents events = new CapturedEvents();
        CapturePlan onlyThreads =
                CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE).with("jdk.ThreadStart", TypeRule.ALL);
        CapturePlan onlyCollections =
                CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE).with("jdk.GarbageCollection", TypeRule.ALL);
        try (JfrSource source =
                JfrSource.ofJvmAt(address, JfrSettings.defaults().following(onlyThreads), events)) {
            source.start();
            await().atMost(DEADLINE).until(() -> {
                tell("threads");
                return !events.all("jdk.ThreadStart").isEmpty();
            });
            source.apply(JfrSettings.defaults().following(onlyCollections));
            await().atMost(DEADLINE).until(() -> {
                tell("gc");
                return !events.all("jdk.GarbageCollection").isEmpty();
            });
            assertThat(events.all())
                    .allMatch(event -> event.getType().equals("jdk.ThreadStart")
                            || event.getType().equals("jdk.GarbageCollection"));
        }
    }

    @Test
    void settingsChangeWhileRunning() throws IOException {
        CapturedEvents events = new CapturedEvents();
        try (JfrSource source =
                JfrSource.ofJvmAt(address, JfrSettings.defaults().without("jdk.JavaExceptionThrow"), events)) {
            source.start();
            awaitRunning(events);
            source.apply(JfrSettings.defaults());

            await().atMost(DEADLINE).until(() -> {
                tell("throw");
                return !events.all("jdk.JavaExceptionThrow").isEmpty();
            });
        }
    }

    @Test
    void theEndOfTheObservedJvmEndsTheSource() throws IOException, InterruptedException {
        CapturedEvents events = new CapturedEvents();
        JfrSource source = JfrSource.ofJvmAt(address, JfrSettings.defaults(), events);
        source.start();
        awaitRunning(events);
        observed.destroyForcibly().waitFor();

        await().atMost(DEADLINE).until(() -> !source.isRunning());
        source.close();
    }

    @Test
    void saysWhatIsWrongWithAnAddress() throws IOException {
        JvmAddress nobody = new JvmAddress("127.0.0.1", freePort());
        assertThatExceptionOfType(AttachException.class)
                .isThrownBy(() -> JfrSource.ofJvmAt(nobody, JfrSettings.defaults(), event -> true))
                .withMessageContaining(nobody.toString())
                .withMessageContaining("-Dcom.sun.management.jmxremote.port");
        assertThatExceptionOfType(AttachException.class)
                .isThrownBy(() -> JfrSource.ofJvmAt(
                        new JvmAddress("no-such-host.invalid", 9010), JfrSettings.defaults(), event -> true))
                .withMessageContaining("no-such-host.invalid");
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(AttachException.class)
                    .isThrownBy(() -> JfrSource.ofJvmAt(
                            new JvmAddress("127.0.0.1", mute.getLocalPort()), JfrSettings.defaults(), event -> true))
                    .withMessageContaining("does not answer as a JMX port");
        }
    }

    /** The recording is known to run once a sample of its own making has come. */
    private static void awaitRunning(CapturedEvents events) {
        events.awaitFirst("jdk.CPULoad", e -> true);
    }

    private void tell(String command) throws IOException {
        Writer input = observed.outputWriter(StandardCharsets.UTF_8);
        input.write(command + '\n');
        input.flush();
    }

    private void awaitAnswer(String answer) {
        await().atMost(DEADLINE)
                .until(() -> Files.readString(directory.resolve("observed.log")).contains(answer));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(JvmAddress address) {
        try (Socket socket = new Socket(address.host(), address.port())) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
