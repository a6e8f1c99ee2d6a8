package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScheduledQueueBufferTest {
    private static final RetryPolicy EVERY_SECOND = new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 0);

    private final ManualScheduler time = new ManualScheduler();
    private final List<Integer> delivered = new ArrayList<>();

    private QueueBuffer.Builder<Integer> onePartition(BatchProcessor<Integer> processor) {
        return QueueBuffer.builder(processor)
                .partitions(1)
                .scheduler(time)
                .retry(EVERY_SECOND)
                .flushInterval(Duration.ofSeconds(5))
                .processingTimeout(Duration.ofSeconds(10));
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void flushesEveryInterval() {
        QueueBuffer<Integer> buffer = onePartition(delivered::addAll).start();
        buffer.pushAll(range(0, 3));
        time.advance(Duration.ofMillis(4999));
        assertThat(delivered).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(delivered).isEqualTo(range(0, 3));
        buffer.push(3);
        time.advance(Duration.ofSeconds(5));
        assertThat(delivered).isEqualTo(range(0, 4));
    }

    @Test
    void theWriteThatCrossesAThresholdTriggersTheDrain() {
        QueueBuffer<Integer> byCount =
                onePartition(delivered::addAll).drainThreshold(3).start();
        byCount.pushAll(range(0, 2));
        assertThat(time.waitingTasks()).isZero();
        byCount.push(2);
        time.runTasks();
        assertThat(delivered).isEqualTo(range(0, 3));

        QueueBuffer<Integer> byBytes = onePartition(delivered::addAll)
                .weigher(item -> 10)
                .drainThresholdBytes(20)
                .start();
        byBytes.push(3);
        assertThat(time.waitingTasks()).isZero();
        byBytes.push(4);
        time.runTasks();
        assertThat(delivered).isEqualTo(range(0, 5));
    }

    @Test
    void changesOptionsAtRunTimeAndLeavesTheOthers() {
        QueueBuffer<Integer> buffer =
                onePartition(delivered::addAll).batchSize(7).start();
        buffer.updateOptions(options -> options.flushInterval(Duration.ofSeconds(1)));
        assertThat(buffer.options().batchSize()).isEqualTo(7);
        buffer.push(0);
        time.advance(Duration.ofSeconds(1));
        assertThat(delivered).containsExactly(0);

        assertThatThrownBy(() -> buffer.updateOptions(options -> options.batchSize(0)))
                .hasMessageContaining("batchSize=0");
        assertThat(buffer.options().batchSize()).isEqualTo(7);
    }

    @Test
    void triesAFailedBatchAgainAfterTheBackOff() {
        AtomicInteger failures = new AtomicInteger(3);
        QueueBuffer<Integer> buffer = onePartition(batch -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("not yet");
                    }
                    delivered.addAll(batch);
                })
                .start();
        buffer.push(0);
        time.advance(Duration.ofSeconds(5));
        buffer.push(1);
        time.advance(Duration.ofMillis(2999));
        assertThat(delivered).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(delivered).containsExactly(0);
        assertThat(buffer.stats().failedAttempts()).isEqualTo(3);
        time.advance(Duration.ofSeconds(5));
        assertThat(delivered).containsExactly(0, 1);
    }

    @Test
    void aPartitionThatCannotBeProcessedKeepsEverythingAndRecovers() {
        AtomicBoolean broken = new AtomicBoolean(true);
        List<String> events = new ArrayList<>();
        QueueBuffer<Integer> buffer = onePartition(batch -> {
                    if (broken.get()) {
                        throw new IllegalStateException("sink is down");
                    }
                    delivered.addAll(batch);
                })
                .listener(new BufferListener() {
                    @Override
                    public void partitionFailed(String name, int partition, Throwable cause) {
                        events.add("failed: " + cause.getMessage());
                    }

                    @Override
                    public void partitionRecovered(String name, int partition) {
                        events.add("recovered");
                    }
                })
                .start();
        buffer.push(0);
        time.advance(Duration.ofSeconds(5 + 10));

        assertThat(events).containsExactly("failed: sink is down");
        assertThatThrownBy(() -> buffer.push(1))
                .isInstanceOf(BufferFailedException.class)
                .hasRootCauseMessage("sink is down");
        assertThat(buffer.size()).isOne();
        assertThat(buffer.stats().failedPartitions()).isOne();
        broken.set(false);
        time.advance(Duration.ofSeconds(5));

        assertThat(delivered).containsExactly(0);
        assertThat(events).containsExactly("failed: sink is down", "recovered");
        assertThat(buffer.push(1)).isTrue();
    }

    @Test
    void deadLettersWhatCannotBeProcessedAndGoesOn() {
        List<Integer> dead = new ArrayList<>();
        QueueBuffer<Integer> buffer = onePartition(batch -> {
                    if (batch.contains(3)) {
                        throw new IllegalStateException("poison");
                    }
                    delivered.addAll(batch);
                })
                .batchSize(2)
                .deadLetters((batch, cause) -> dead.addAll(batch))
                .start();
        buffer.pushAll(range(0, 6));
        time.advance(Duration.ofSeconds(5 + 10));

        assertThat(dead).containsExactly(2, 3);
        assertThat(delivered).containsExactly(0, 1, 4, 5);
        assertThat(buffer.stats().deadLettered()).isEqualTo(2);
        assertThat(buffer.push(6)).isTrue();
    }

    @Test
    void interruptsAProcessorThatTakesTooLong() {
        AtomicInteger attempts = new AtomicInteger();
        QueueBuffer<Integer> buffer = onePartition(batch -> {
                    attempts.incrementAndGet();
                    time.pass(Duration.ofSeconds(11));
                    if (Thread.interrupted()) {
                        throw new InterruptedException("interrupted");
                    }
                })
                .start();
        buffer.push(0);
        time.advance(Duration.ofSeconds(5));

        assertThat(attempts).hasValueGreaterThanOrEqualTo(1);
        assertThat(buffer.stats().failedPartitions()).isOne();
        assertThat(buffer.size()).isOne();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aWriterOfAFullBufferWaitsForRoomAndNotForEver() {
        CountDownLatch go = new CountDownLatch(1);
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    go.await();
                    synchronized (delivered) {
                        delivered.addAll(batch);
                    }
                })
                .partitions(1)
                .maxEntries(2)
                .blockTimeout(Duration.ofMillis(20))
                .start();
        assertThat(buffer.pushAll(range(0, 2))).isEqualTo(2);
        assertThat(buffer.push(99)).isFalse();
        assertThat(buffer.stats().rejected()).isOne();

        go.countDown();
        buffer.updateOptions(options -> options.blockTimeout(Duration.ofSeconds(30)));
        assertThat(buffer.pushAll(range(2, 50))).isEqualTo(48);
        assertThat(buffer.close(Duration.ofSeconds(30)).complete()).isTrue();
        assertThat(delivered).isEqualTo(range(0, 50));
    }

    @Test
    void flushWaitsUntilEverythingIsDelivered() {
        List<Integer> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        try (QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(seen::addAll)
                .partitions(4)
                .batchSize(10)
                .start()) {
            buffer.pushAll(range(0, 1000));
            assertThat(buffer.flush()).isEqualTo(1000);
            assertThat(seen).containsExactlyInAnyOrderElementsOf(range(0, 1000));
        }
    }

    @Test
    void flushSaysWhyItCouldNotDeliver() {
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    throw new IllegalStateException("down");
                })
                .partitions(1)
                .processingTimeout(Duration.ofMillis(1))
                .start();
        buffer.push(1);
        assertThatThrownBy(buffer::flush)
                .isInstanceOf(BatchProcessingException.class)
                .hasRootCauseMessage("down");
        CloseReport report = buffer.close(Duration.ofSeconds(30));
        assertThat(report.undelivered()).isOne();
        assertThat(report.failure()).hasMessage("down");
        assertThat(buffer.undelivered()).containsExactly(1);
        assertThatThrownBy(() -> buffer.push(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closeThatRunsOutOfTimeSaysWhatIsLeftAndWhatIsInDoubt() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                })
                .partitions(1)
                .batchSize(4)
                .drainThreshold(1)
                .start();
        buffer.pushAll(range(0, 10));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        CloseReport report = buffer.close(Duration.ofMillis(20));

        assertThat(report.delivered()).isZero();
        assertThat(report.undelivered()).isEqualTo(10);
        assertThat(report.inDoubt()).isEqualTo(4);
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(buffer.undelivered()).isEqualTo(range(0, 10));
    }

    @Test
    void routesByFunctionOrToAFixedPartition() {
        List<List<Integer>> batches = java.util.Collections.synchronizedList(new ArrayList<>());
        try (QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batches::add)
                .partitions(2)
                .routeBy(item -> item % 2)
                .start()) {
            buffer.pushAll(List.of(0, 1, 2, 3, 4));
            buffer.push(1, 6);
            buffer.flush();
        }
        assertThat(batches).containsExactlyInAnyOrder(List.of(0, 2, 4), List.of(1, 3, 6));
    }
}
