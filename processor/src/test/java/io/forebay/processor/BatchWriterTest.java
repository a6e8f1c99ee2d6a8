package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.buffer.RetryPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A writer in a task, with targets that answer, fail and hang. */
class BatchWriterTest {

    private static final Map<String, String> PATIENT = Map.of("max.poll.interval.ms", "300000");

    /** A window of 0.8 s: a commit waits for 0.2 s, a round is held up for 0.1 s. */
    private static final Map<String, String> IMPATIENT = Map.of("max.poll.interval.ms", "800");

    /** A window of 2 s: a commit waits for 0.5 s, a round is held up for a quarter of a second. */
    private static final Map<String, String> BRISK = Map.of("max.poll.interval.ms", "2000");

    private static final RetryPolicy AT_ONCE = new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0);

    private final List<String> written = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void leavesNoInterruptBehind() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void isAcknowledgedBeforeACommit() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> CompletableFuture.runAsync(() -> write(batch)))
                .linger(Duration.ofDays(1))
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            driver.input().pipeInput("key", "a b c");
            assertThat(written).containsExactly("a", "b", "c");
            assertThat(driver.output().readValuesToList()).containsExactly("a", "b", "c");
            assertThat(writer.stats()).isEqualTo(new BatchWriterStats(3, 3, 0, 0, 1, 0, 0));
        }
    }

    /** The last record waits for others for a day, and is behind a batch that is in flight when the commit comes. */
    @Test
    void doesNotLingerInACommit() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer",
                        batch -> CompletableFuture.runAsync(
                                () -> write(batch), CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)))
                .linger(Duration.ofDays(1))
                .maxBatchRecords(2)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, BRISK)) {
            driver.input().pipeInput("key", "a b c");
            assertThat(written).containsExactly("a", "b", "c");
        }
    }

    @Test
    void forwardsRecordsAsTheyCame() {
        try (WriterDriver driver = new WriterDriver(writer().build(), PATIENT)) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("trace", new byte[] {1});
            driver.input().pipeInput(new TestRecord<>("key", "a", headers, 123L));
            TestRecord<String, String> forwarded = driver.output().readRecord();
            assertThat(forwarded.key()).isEqualTo("key");
            assertThat(forwarded.timestamp()).isEqualTo(123L);
            assertThat(forwarded.headers())
                    .as("and not as another branch has changed them since")
                    .extracting(Header::key)
                    .containsExactly("trace");
        }
    }

    @Test
    void forwardsNothingWhenToldSo() {
        try (WriterDriver driver = new WriterDriver(writer().forward(false).build(), PATIENT)) {
            driver.input().pipeInput("key", "a");
            assertThat(written).containsExactly("a");
            assertThat(driver.output().isEmpty()).isTrue();
        }
    }

    @Test
    void splitsIntoBatchesByCountAndBytes() {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    sizes.add(batch.size());
                    write(batch);
                })
                .maxBatchRecords(3)
                .weigher(record -> record.value().length())
                .maxBatchBytes(10)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            driver.input().pipeInput("key", "a b c d 1234567890 e f");
            assertThat(written).containsExactly("a", "b", "c", "d", "1234567890", "e", "f");
            assertThat(sizes).containsExactly(3, 2, 2);
        }
    }

    @Test
    void triesAgainInOrder() {
        AtomicInteger calls = new AtomicInteger();
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    if (calls.incrementAndGet() % 2 == 1) {
                        throw new IllegalStateException("every other call fails");
                    }
                    write(batch);
                })
                .maxBatchRecords(2)
                .retry(AT_ONCE)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            driver.input().pipeInput("key", "a b c d e");
            assertThat(written).containsExactly("a", "b", "c", "d", "e");
            assertThat(writer.stats()).isEqualTo(new BatchWriterStats(5, 5, 0, 0, 3, 3, 0));
        }
    }

    @Test
    void failsTheTaskWhateverTheExceptionHandlerSays() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> CompletableFuture.failedFuture(new IllegalStateException("no")))
                .permanentIf(failure -> true)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a b"))
                    .hasStackTraceContaining("could not write a batch of 2 record(s) of task 0_0 in 1 call(s)")
                    .rootCause()
                    .hasMessage("no");
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).isEmpty()).isTrue();
        }
        assertThat(writer.stats()).isEqualTo(new BatchWriterStats(2, 0, 0, 2, 0, 1, 0));
    }

    @Test
    void failsTheTaskFromProcessToo() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> CompletableFuture.failedFuture(new IllegalStateException("no")))
                .maxBatchRecords(1)
                .permanentIf(failure -> true)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a b c d"))
                    .rootCause()
                    .hasMessage("no");
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).isEmpty()).isTrue();
        }
        assertThat(writer.stats().received()).isLessThan(4);
    }

    @Test
    void sendsTheRecordsToBlameToTheDeadLetterTopic() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    if (batch.stream().anyMatch(record -> record.value().startsWith("bad"))) {
                        throw new IllegalArgumentException("bad record");
                    }
                    write(batch);
                })
                .permanentIf(IllegalArgumentException.class::isInstance)
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            String line = "a b c bad1 d e f g bad2";
            driver.input().pipeInput("key", line, 17);
            assertThat(written).containsExactly("a", "b", "c", "d", "e", "f", "g");
            assertThat(driver.output().readValuesToList()).containsExactly("a", "b", "c", "d", "e", "f", "g");
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).readRecordsToList())
                    .hasSize(2)
                    .allSatisfy(dead -> {
                        assertThat(dead.value()).as("the raw record").isEqualTo(line);
                        assertThat(dead.timestamp()).isEqualTo(17);
                        assertThat(header(dead, "__streams.errors.topic")).isEqualTo("in");
                        assertThat(header(dead, "__streams.errors.offset")).isEqualTo("0");
                        assertThat(header(dead, "__streams.errors.exception"))
                                .isEqualTo(BatchWriteException.class.getName());
                        assertThat(header(dead, "__streams.errors.message")).contains("bad record");
                    });
            assertThat(writer.stats().acknowledged()).isEqualTo(7);
            assertThat(writer.stats().refused()).isEqualTo(2);
        }
    }

    /** More than one batch in a lane, each of which would be tried for as long as a commit waits. */
    @Test
    void sendsAllThatTheTargetRefusesToTheDeadLetterTopicInTheTimeOfOneCommit() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    throw new IllegalStateException("refused");
                })
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .maxBatchRecords(10)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, BRISK)) {
            driver.input().pipeInput("key", words(45));
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).readRecordsToList())
                    .hasSize(45);
            assertThat(writer.stats().refused()).isEqualTo(45);
            assertThat(writer.stats().failedCalls()).as("each batch was tried").isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void looksForTheRecordsToBlameNoLongerThanACommitWaits() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    assertThat(new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS))
                            .isFalse();
                    throw new IllegalArgumentException("bad record");
                })
                .permanentIf(IllegalArgumentException.class::isInstance)
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .maxInFlight(1)
                .maxBatchRecords(200)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, BRISK)) {
            driver.input().pipeInput("key", words(400));
            assertThat(driver.output(WriterDriver.DEAD_LETTERS).readRecordsToList())
                    .hasSize(400);
            assertThat(writer.stats().failedCalls()).isLessThan(2 * 399);
        }
    }

    @Test
    void refusesNothingWhenTheTargetIsBackBeforeACommitIsTiredOfWaiting() {
        AtomicInteger calls = new AtomicInteger();
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    if (calls.incrementAndGet() <= 3) {
                        throw new IllegalStateException("not now");
                    }
                    write(batch);
                })
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .maxInFlight(1)
                .maxBatchRecords(10)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, Map.of("max.poll.interval.ms", "8000"))) {
            driver.input().pipeInput("key", words(20));
            assertThat(written).containsExactly(words(20).split(" "));
            assertThat(writer.stats().refused()).isZero();
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
    void anErrorEndsTheTaskAtOnce() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async("writer", batch -> {
                    throw new NoClassDefFoundError("driver");
                })
                .commitTimeout(Duration.ofSeconds(3))
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a")).isInstanceOf(NoClassDefFoundError.class);
            assertThatThrownBy(() -> driver.input().pipeInput("key", "b"))
                    .as("nor does the commit of a dirty close wait for what never was in flight")
                    .hasRootCauseInstanceOf(NoClassDefFoundError.class);
        }
        assertThat(writer.stats().abandoned()).isEqualTo(1);
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
    void abandonsWhatTheHandlerFailsFor() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> CompletableFuture.failedFuture(new IllegalStateException("no")))
                .permanentIf(failure -> true)
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .build();
        try (WriterDriver driver = new WriterDriver(
                writer,
                Map.of(
                        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                        LogAndFailProcessingExceptionHandler.class.getName()))) {
            assertThatThrownBy(() -> driver.input().pipeInput("key", "a b c d e"))
                    .rootCause()
                    .hasMessage("no");
        }
        BatchWriterStats stats = writer.stats();
        assertThat(stats.received()).isEqualTo(5);
        assertThat(stats.acknowledged() + stats.refused() + stats.abandoned()).isEqualTo(5);
    }

    @Test
    void refusesAWeightThatCannotBe() {
        for (long weight : new long[] {-1, Long.MAX_VALUE}) {
            BatchWriter<String, String> writer = writer().weigher(
                            record -> record.value().equals("odd") ? weight : 1)
                    .maxBufferedBytes(1_000)
                    .build();
            try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
                written.clear();
                driver.input().pipeInput("key", "a odd b");
                assertThat(written).containsExactly("a", "b");
                assertThat(driver.output(WriterDriver.DEAD_LETTERS).readRecordsToList())
                        .singleElement()
                        .satisfies(dead -> assertThat(header(dead, "__streams.errors.message"))
                                .contains("weigher", "writer", "bytes=" + weight));
            }
        }
    }

    @Test
    void waitsNotEvenOnceBeforeACallThatWouldComeTooLate() {
        BatchWriter<String, String> writer = BatchWriter.<String, String>async(
                        "writer", batch -> CompletableFuture.failedFuture(new IllegalStateException("no")))
                .retry(new RetryPolicy(Duration.ofDays(200_000), Duration.ofDays(200_000), 1, 0))
                .failurePolicy(FailurePolicy.EXCEPTION_HANDLER)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            driver.input().pipeInput("key", "a");
            assertThat(writer.stats()).isEqualTo(new BatchWriterStats(1, 0, 1, 0, 0, 1, 0));
        }
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

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

    @Test
    void waitsForRoom() {
        AtomicLong most = new AtomicLong();
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("writer", batch -> {
                    most.accumulateAndGet(batch.size(), Math::max);
                    write(batch);
                })
                .maxInFlight(1)
                .maxBatchRecords(5)
                .maxBufferedRecords(10)
                .build();
        try (WriterDriver driver = new WriterDriver(writer, PATIENT)) {
            driver.input().pipeInput("key", words(1_000));
            assertThat(written).containsExactly(words(1_000).split(" "));
            assertThat(most).hasValueLessThanOrEqualTo(5);
            assertThat(writer.stats().overdraft()).isZero();
            assertThat(metric(driver, "blocked-time-ns-total")).isPositive();
        }
    }

    /** The target answers only when more has been taken than there is room for. */
    @Test
    void waitsForRoomNoLongerThanTheStreamThreadMay() {
        CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
        BatchWriter<String, String> writer = BatchWriter.<String, String>async("writer", batch -> answer)
                .maxInFlight(1)
                .maxBatchRecords(5)
                .maxBufferedRecords(10)
                .commitTimeout(Duration.ofMillis(2_600))
                .callTimeout(Duration.ofMillis(2_000))
                .build();
        try (WriterDriver driver = new WriterDriver(writer, Map.of("max.poll.interval.ms", "8000"))) {
            CompletableFuture<Void> helper = CompletableFuture.runAsync(() -> {
                Awaitility.await().until(() -> writer.stats().overdraft() == 10);
                answer.complete(null);
            });
            driver.input().pipeInput("key", words(20));
            helper.join();
            assertThat(driver.output().readValuesToList())
                    .containsExactly(words(20).split(" "));
        }
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
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

    @Test
    void refusesTimeoutsThatDoNotFitTheApplication() {
        BatchWriter<String, String> writer =
                writer().commitTimeout(Duration.ofMinutes(2)).build();
        assertThatThrownBy(() -> new WriterDriver(writer, PATIENT).close())
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("commitTimeout=PT2M", "PT1M40S", "writer", "max.poll.interval.ms=300000");
        BatchWriter<String, String> slow =
                writer().callTimeout(Duration.ofSeconds(5)).build();
        assertThatThrownBy(() -> new WriterDriver(
                                slow, Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2))
                        .close())
                .rootCause()
                .hasMessageContainingAll("callTimeout=PT5S", "transaction.timeout.ms=10000", "commit.interval.ms=100");
        try (WriterDriver driver = new WriterDriver(
                slow,
                Map.of(
                        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                        StreamsConfig.EXACTLY_ONCE_V2,
                        "producer.transaction.timeout.ms",
                        "60000"))) {
            driver.input().pipeInput("key", "a");
            assertThat(driver.output().readValue()).isEqualTo("a");
        }
    }

    @Test
    void refusesContradictoryOptions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        writer().maxBatchRecords(20).maxBufferedRecords(10).build())
                .withMessageContainingAll("maxBatchRecords=20", "maxBufferedRecords=10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().maxBufferedBytes(10).build())
                .withMessageContainingAll("maxBufferedBytes=10", "weigher");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().maxInFlight(0))
                .withMessageContaining("maxInFlight=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().linger(Duration.ofNanos(1)))
                .withMessageContaining("linger=PT0.000000001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().linger(Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContainingAll("linger=", "PT876000H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().linger(Duration.ofDays(200_000)))
                .withMessageContainingAll("linger=PT4800000H", "PT876000H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().deliveryTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContaining("deliveryTimeout=");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer().callTimeout(Duration.ofSeconds(2))
                        .deliveryTimeout(Duration.ofSeconds(1))
                        .build())
                .withMessageContainingAll("callTimeout=PT2S", "deliveryTimeout=PT1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchWriter.async("a/b", batch -> CompletableFuture.completedFuture(null)))
                .withMessageContaining("a/b");
    }

    @Test
    void reportsThroughKafkaStreamsMetrics() {
        Map<MetricName, ? extends Metric> registry;
        try (WriterDriver driver = new WriterDriver(writer().build(), PATIENT)) {
            registry = driver.metrics();
            driver.input().pipeInput("key", "a b c");
            assertThat(metric(driver, "flush-total")).isEqualTo(1);
            assertThat(metric(driver, "flush-latency-max")).isPositive();
            assertThat(metric(driver, "buffered-records")).isZero();
            assertThat(metric(driver, "buffered-bytes")).isZero();
            assertThat(metric(driver, "in-flight-batches")).isZero();
            assertThat(metric(driver, "failed-calls-total")).isZero();
            assertThat(metric(driver, "dropped-records-total")).isZero();
        }
        assertThat(registry.keySet()).noneMatch(name -> name.group().equals(ProcessorMetrics.GROUP));
    }

    static double metric(WriterDriver driver, String name) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(ProcessorMetrics.GROUP)
                        && metric.getKey().name().equals(name))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    private BatchWriter.Builder<String, String> writer() {
        return BatchWriter.blocking("writer", this::write);
    }

    private void write(List<Record<String, String>> batch) {
        batch.forEach(record -> written.add(record.value()));
    }
}
