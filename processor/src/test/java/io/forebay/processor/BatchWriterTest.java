package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A writer in a task, with a target that answers. */
class BatchWriterTest extends BatchWriterFixture {

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
}
