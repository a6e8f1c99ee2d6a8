package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.buffer.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A writer whose target does not answer, or not in time. */
class BatchWriterHangingTest extends BatchWriterFixture {

    @Test
    void refusesToCommitWhatIsNotAcknowledged() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> new CompletableFuture<>())
                .build();
        try (WriterDriver driver = new WriterDriver(writer, IMPATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a b"))
                    .rootCause()
                    .isInstanceOf(TimeoutException.class);
            assertThat(driver.output().isEmpty()).isTrue();
        }
        assertThat(writer.stats().abandoned()).isEqualTo(2);
    }

    @Test
    void saysWhatACommitWaitedForInVain() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> new CompletableFuture<>())
                .commitTimeout(Duration.ofMillis(200))
                .deliveryTimeout(Duration.ofMillis(200))
                .callTimeout(Duration.ofMillis(200))
                .retry(AT_ONCE)
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .maxBatchRecords(1)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, IMPATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a b c"))
                    .rootCause()
                    .isInstanceOf(BatchWriteException.class)
                    .hasMessageContainingAll("writer", "task 0_0", "not acknowledged", "commitTimeout=PT0.2S");
        }
    }

    /** Many batches that hang, behind one that went well: there is no time in a commit to try them all. */
    @Test
    void takesInOneBatchOfALaneAfterACommitThatWaitedInVain() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    if (batch.stream().anyMatch(record -> record.value().equals("hang"))) {
                        new CountDownLatch(1).await();
                    }
                    write(batch);
                })
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .maxInFlight(1)
                .maxBatchRecords(1)
                .commitTimeout(Duration.ofMillis(300))
                .deliveryTimeout(Duration.ofMillis(150))
                .callTimeout(Duration.ofMillis(100))
                .build();
        Map<String, String> patientRounds = Map.of("max.poll.interval.ms", "30000");
        String line = "well" + " hang".repeat(12);
        AtomicInteger failures = new AtomicInteger();
        for (boolean done = false; !done; ) {
            assertThat(failures).hasValueLessThanOrEqualTo(1);
            try (WriterDriver driver = new WriterDriver(writer, patientRounds)) {
                driver.input().pipeInput("key", line);
                assertThat(driver.output().readValuesToList()).containsExactly("well");
                assertThat(driver.output(WriterDriver.DEAD_LETTERS).readRecordsToList())
                        .hasSize(12);
                done = true;
            } catch (RuntimeException e) {
                assertThat(e).hasStackTraceContaining("no more than one batch for each of maxInFlight=1 lanes");
                failures.incrementAndGet();
            }
        }
    }

    @Test
    void interruptsABlockingCallAndDoesNotRepeatItBeforeItHasReturned() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        if (calls.incrementAndGet() == 1) {
                            new CountDownLatch(1).await();
                        }
                        write(batch);
                    } finally {
                        running.decrementAndGet();
                    }
                })
                .callTimeout(Duration.ofMillis(50))
                .retry(AT_ONCE)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            driver.input().pipeInput("key", "a b");
            assertThat(written).containsExactly("a", "b");
            assertThat(most).hasValue(1);
            assertThat(writer.stats().failedCalls()).isEqualTo(1);
        }
    }

    /** A call that hangs and does not heed its interruption has a thread to itself; then the target is well again. */
    @Test
    void writesOnBehindACallThatIsStuck() {
        CountDownLatch released = new CountDownLatch(1);
        try (WriterDriver driver = new WriterDriver(stuckAt("stuck", released), BRISK)) {
            for (String value : List.of("before", "stuck", "after1", "after2")) {
                driver.input().pipeInput("key", value);
            }
            assertThat(written).containsExactly("before", "after1", "after2");
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).readValuesToList())
                    .containsExactly("stuck");
        } finally {
            released.countDown();
        }
    }

    @Test
    void failsTheTaskWhenTooManyCallsAreStuck() {
        CountDownLatch released = new CountDownLatch(1);
        BatchWriter<String, String> writer = stuckAt("stuck", released);
        try (WriterDriver driver = new WriterDriver(writer, BRISK)) {
            driver.input().pipeInput("key", "stuck");
            driver.input().pipeInput("key", "stuck");
            assertThatThrownBy(() -> driver.input().pipeInput("key", "after"))
                    .rootCause()
                    .isInstanceOf(BatchWriteException.class)
                    .hasMessageContainingAll("calls=2", "maxInFlight=1", "forebay-writer-writer-0_0", "interrupted");
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).readRecordsToList())
                    .as("what was not tried is not refused")
                    .hasSize(2);
        } finally {
            released.countDown();
        }
        assertThat(writer.stats().abandoned()).isEqualTo(1);
    }

    private BatchWriter<String, String> stuckAt(String value, CountDownLatch released) {
        return BatchWriter.<String, String>blocking("writer", batch -> {
                    while (batch.get(0).value().equals(value) && released.getCount() > 0) {
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            // the worst of manners
                        }
                    }
                    write(batch);
                })
                .maxInFlight(1)
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .build();
    }

    @Test
    void countsACallThatNeverEndsAsFailed() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async("writer", batch -> new Deaf())
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, BRISK)) {
            driver.input().pipeInput("key", "a");
            assertThat(writer.stats()).isEqualTo(new BatchWriterStats(1, 0, 1, 0, 0, 1, 0));
            assertThat(metric(driver, "failed-calls-total")).isEqualTo(1);
        }
    }

    private static final class Deaf extends CompletableFuture<@Nullable Void> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
        }
    }

    @Test
    void endsTheTaskWhenTheStreamThreadIsInterrupted() {
        Thread streamThread = Thread.currentThread();
        BatchWriter<String, String> writer = BatchWriter.<String, String>async("writer", batch -> {
                    streamThread.interrupt();
                    return new CompletableFuture<>();
                })
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a"))
                    .hasStackTraceContaining("was interrupted while 1 record(s) were not acknowledged");
            assertThat(Thread.interrupted()).as("restored").isTrue();
        }
    }

    @Test
    void cancelsWhatIsInFlightWhenItsTaskIsClosedWithoutACommit() {
        CompletableFuture<@Nullable Void> call = new CompletableFuture<>();
        BatchWriter<String, String> writer = BatchWriter.<String, String>async("writer", batch -> call)
                .retry(new RetryPolicy(Duration.ofMinutes(1), Duration.ofMinutes(1), 1, 0))
                .callTimeout(Duration.ofMillis(200))
                .deliveryTimeout(Duration.ofMillis(200))
                .commitTimeout(Duration.ofMillis(200))
                .build();
        try (WriterDriver driver = new WriterDriver(writer, IMPATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a b c")).isNotNull();
        }
        assertThat(call).isCancelled();
        assertThat(writer.stats().abandoned()).isEqualTo(3);
    }
}
