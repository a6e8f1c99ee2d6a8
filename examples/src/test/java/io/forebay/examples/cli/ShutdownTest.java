package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private final Shutdown shutdown = shutdown(Duration.ofSeconds(30));

    @Test
    void stopsInReverseOrderAndNamesEachStep() throws Exception {
        shutdown.atEnd(() -> stopped.add("summary"), () -> 0);
        AutoCloseable broker = shutdown.start("broker", () -> () -> stopped.add("broker"));
        shutdown.register("server", () -> stopped.add("server"));

        shutdown.close();

        assertThat(broker).isNotNull();
        assertThat(stopped).containsExactly("server", "broker", "summary");
        assertThat(shutdown.isClean()).isTrue();
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).matches("  stop server +\\d+\\.\\d s");
    }

    @Test
    void runsOnceHoweverOftenItIsAskedTo() {
        shutdown.register("broker", () -> stopped.add("broker"));

        shutdown.close();
        shutdown.close();

        assertThat(stopped).containsExactly("broker");
    }

    @Test
    void goesOnAfterAFailedStep() {
        shutdown.register("broker", () -> stopped.add("broker"));
        shutdown.register("server", () -> {
            throw new IOException("disk full");
        });

        shutdown.close();

        assertThat(stopped).containsExactly("broker");
        assertThat(shutdown.isClean()).isFalse();
        assertThat(lines().get(0)).contains("stop server", "failed", "disk full");
    }

    @Test
    void leavesAHangingStepBehind() {
        Shutdown impatient = shutdown(Duration.ofMillis(300));
        CountDownLatch never = new CountDownLatch(1);
        impatient.register("broker", () -> stopped.add("broker"));
        impatient.register("server", never::await);

        impatient.close();

        assertThat(stopped).containsExactly("broker");
        assertThat(impatient.isClean()).isFalse();
        assertThat(lines().get(0)).contains("stop server", "hangs: going on without it");
        never.countDown();
    }

    @Test
    void startsNothingAnyMoreOnceAsked() {
        shutdown.close();

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> shutdown.start("broker", () -> {
                    throw new AssertionError("must not be called");
                }));
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> shutdown.register("broker", () -> stopped.add("broker")));
    }

    @Test
    void stopsWhatWasBeingStartedWhenItWasAsked() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CompletableFuture<AutoCloseable> broker = CompletableFuture.supplyAsync(() -> {
            try {
                return shutdown.start("broker", () -> {
                    starting.countDown();
                    shutdown.awaitRequest();
                    return () -> stopped.add("broker");
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(starting.await(30, TimeUnit.SECONDS)).isTrue();

        shutdown.close();

        assertThat(broker.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(stopped).containsExactly("broker");
    }

    @Test
    void isNotCutShortByAnInterruptOfTheCaller() {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        shutdown.register("broker", () -> {
            stopping.countDown();
            goOn.await();
            stopped.add("broker");
        });
        Thread caller = new Thread(shutdown::close);
        caller.start();

        await().until(() -> stopping.getCount() == 0);
        caller.interrupt();
        goOn.countDown();

        await().untilAsserted(() -> assertThat(caller.isAlive()).isFalse());
        assertThat(stopped).containsExactly("broker");
    }

    @Test
    void wakesWhoWaitsForTheRequest() throws Exception {
        assertThat(shutdown.awaitRequest(Duration.ofMillis(1))).isFalse();
        assertThat(shutdown.isRequested()).isFalse();

        shutdown.close();

        assertThat(shutdown.awaitRequest(Duration.ofSeconds(30))).isTrue();
        shutdown.awaitRequest();
    }

    private Shutdown shutdown(Duration limit) {
        return new Shutdown(new PrintStream(output, true, StandardCharsets.UTF_8), limit, System::nanoTime);
    }

    private List<String> lines() {
        return output.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
