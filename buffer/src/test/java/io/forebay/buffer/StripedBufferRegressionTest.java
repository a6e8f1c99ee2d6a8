package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Defects that were measured in the write buffers of another system: none of them may come back here. */
@Timeout(120)
class StripedBufferRegressionTest {
    private static final RetryPolicy FAST = new RetryPolicy(Duration.ofNanos(1000), Duration.ofMillis(1), 2, 0);

    private record Write(int key, int number) {}

    /** There, batches arrived in reverse, so that of two writes to one key the older won (99,994 of 100,000 keys). */
    @Test
    void theLaterWriteOfAProducerWins() {
        Map<Integer, Integer> cache = new ConcurrentHashMap<>();
        StripedBuffer<Write> buffer = StripedBuffer.<Write>builder(
                        batch -> batch.forEach(write -> cache.put(write.key, write.number)))
                .build();
        buffer.start();
        for (int key = 0; key < 100_000; key++) {
            buffer.enqueue(new Write(key, 1));
            buffer.enqueue(new Write(key, 2));
        }
        assertThat(buffer.close(Duration.ofSeconds(60)).complete()).isTrue();
        assertThat(cache).hasSize(100_000);
        assertThat(cache.values()).containsOnly(2);
    }

    /** There, stop lost most of what was queued (150,000 of 200,000). */
    @ParameterizedTest
    @EnumSource
    void closeBesideProducersAccountsForEveryItem(OverflowStrategy overflow) throws Exception {
        for (int cycle = 0; cycle < 30; cycle++) {
            AtomicInteger delivered = new AtomicInteger();
            StripedBuffer<Integer> buffer = StripedBuffer.<Integer>builder(batch -> delivered.addAndGet(batch.size()))
                    .stripes(2)
                    .capacity(64)
                    .overflow(overflow)
                    .build();
            buffer.start();
            List<CompletableFuture<Integer>> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                producers.add(CompletableFuture.supplyAsync(() -> produce(buffer)));
            }
            Await.until("something is accepted", () -> buffer.stats().accepted() > 100);
            CloseReport report = buffer.close(Duration.ofSeconds(60));
            long accepted = 0;
            for (CompletableFuture<Integer> producer : producers) {
                accepted += producer.get(60, TimeUnit.SECONDS);
            }
            StripedBufferStats stats = buffer.stats();
            assertThat(report.complete()).as("%s %s", report, stats).isTrue();
            assertThat(stats.accepted()).isEqualTo(accepted);
            assertThat(stats.delivered()).isEqualTo(delivered.get());
            assertThat(accepted).isEqualTo(delivered.get() + stats.overwritten());
        }
    }

    private static int produce(StripedBuffer<Integer> buffer) {
        int accepted = 0;
        try {
            while (true) {
                accepted += buffer.enqueue(accepted) ? 1 : 0;
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("closed");
            return accepted;
        }
    }

    /** There, a drain loop that died was not started again, and items that the target refused were gone. */
    @Test
    void whateverTheSinkThrowsNothingIsLost() {
        AtomicInteger calls = new AtomicInteger();
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
        StripedBuffer<Integer> buffer = StripedBuffer.<Integer>builder(batch -> {
                    int call = calls.incrementAndGet();
                    if (call % 3 == 1) {
                        throw new IllegalStateException("refused");
                    }
                    if (call % 3 == 2) {
                        throw new StackOverflowError("an error, not an exception");
                    }
                    delivered.addAll(batch);
                })
                .retry(FAST)
                .batchSize(100)
                .build();
        buffer.start();
        IntStream.range(0, 5000).forEach(buffer::enqueue);
        assertThat(buffer.close(Duration.ofSeconds(60)).complete()).isTrue();
        assertThat(delivered).isEqualTo(IntStream.range(0, 5000).boxed().toList());
        assertThat(buffer.stats().failedAttempts()).isPositive();
    }

    @Test
    void deadLettersWhatTheSinkKeepsRefusing() {
        List<Integer> dead = Collections.synchronizedList(new ArrayList<>());
        StripedBuffer<Integer> buffer = StripedBuffer.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        throw new IllegalStateException("poison");
                    }
                })
                .retry(FAST)
                .batchSize(1)
                .deadLetters(3, (batch, cause) -> dead.addAll(batch))
                .build();
        buffer.start();
        IntStream.range(0, 3).forEach(buffer::enqueue);
        assertThat(buffer.close(Duration.ofSeconds(60)).complete()).isTrue();
        assertThat(dead).containsExactly(1);
        assertThat(buffer.stats().delivered()).isEqualTo(2);
        assertThat(buffer.stats().deadLettered()).isOne();
    }

    @Test
    void aCloseThatRunsOutOfTimeSaysWhatIsLeft() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        StripedBuffer<Integer> buffer = StripedBuffer.<Integer>builder(batch -> {
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .batchSize(10)
                .build();
        buffer.start();
        IntStream.range(0, 100).forEach(buffer::enqueue);
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        CloseReport report = buffer.close(Duration.ofMillis(20));
        assertThat(report.undelivered()).isEqualTo(100);
        assertThat(report.inDoubt()).isBetween(1L, 10L);
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** There, every stop leaked processes. */
    @Test
    void closeLeavesNoThreadBehind() {
        for (int i = 0; i < 20; i++) {
            StripedBuffer<Integer> buffer =
                    StripedBuffer.<Integer>builder(batch -> {}).name("leak").build();
            buffer.start();
            buffer.enqueue(i);
            buffer.close();
        }
        Await.until(
                "all drain threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("leak-stripe")));
    }

    @Test
    void rejectionsAndOverwritesAreCounted() {
        CountDownLatch go = new CountDownLatch(1);
        StripedBuffer<Integer> buffer = StripedBuffer.<Integer>builder(batch -> go.await())
                .stripes(1)
                .capacity(4)
                .batchSize(1)
                .overflow(OverflowStrategy.DROP_NEWEST)
                .build();
        buffer.start();
        int accepted = 0;
        for (int i = 0; i < 100; i++) {
            accepted += buffer.enqueue(i) ? 1 : 0;
        }
        assertThat(buffer.stats().rejected()).isEqualTo(100 - accepted);
        go.countDown();
        assertThat(buffer.close(Duration.ofSeconds(60)).delivered()).isEqualTo(accepted);
    }
}
