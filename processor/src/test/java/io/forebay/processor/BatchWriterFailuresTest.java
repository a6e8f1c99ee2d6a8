package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.buffer.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.junit.jupiter.api.Test;

/** A writer whose target refuses: the task fails, or the records to blame become dead letters. */
class BatchWriterFailuresTest extends BatchWriterFixture {

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
}
