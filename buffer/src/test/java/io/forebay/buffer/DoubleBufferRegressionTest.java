package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Defects that were measured in double buffers of another system: none of them may come back here. Losses at the swap under concurrent
 * writers, and writes that fail there, are covered by {@link DoubleBufferStressTest}.
 */
@Timeout(120)
class DoubleBufferRegressionTest {
    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /** There, 54 to 66 of 1,000 start and stop cycles lost items. */
    @Test
    void startAndStopCyclesLoseNothing() throws Exception {
        for (int cycle = 0; cycle < 100; cycle++) {
            List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
            QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(delivered::addAll)
                    .partitions(2)
                    .drainThreshold(3)
                    .start();
            CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
                int accepted = 0;
                try {
                    while (accepted < 5000 && buffer.push(accepted)) {
                        accepted++;
                    }
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("closed");
                }
                return accepted;
            });
            if (cycle % 2 == 0) {
                Await.until(
                        "something is buffered or delivered",
                        () -> buffer.stats().accepted() > 10);
            }
            CloseReport report = buffer.close(Duration.ofSeconds(30));
            assertThat(report.complete()).isTrue();
            assertThat(delivered).containsExactlyInAnyOrderElementsOf(range(0, writer.get(30, TimeUnit.SECONDS)));
        }
    }

    /** There, a processor that raised on its third batch lost everything after it (8,000 of 10,000), and stop answered ok. */
    @Test
    void aProcessorThatFailsOnItsThirdBatchLosesNothing() {
        AtomicInteger calls = new AtomicInteger();
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    if (calls.incrementAndGet() == 3) {
                        throw new IllegalStateException("third");
                    }
                    delivered.addAll(batch);
                })
                .partitions(1)
                .batchSize(1000)
                .retry(new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0))
                .start();
        buffer.pushAll(range(0, 10_000));
        assertThat(buffer.flush()).isEqualTo(10_000);
        assertThat(delivered).isEqualTo(range(0, 10_000));
        assertThat(buffer.close(Duration.ofSeconds(30)).complete()).isTrue();
    }

    /** There, a stop that ran out of time lost the rest silently (32,490 of 40,000). */
    @Test
    void aCloseThatRunsOutOfTimeAccountsForEveryItem() {
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    if (delivered.size() >= 7000) {
                        new java.util.concurrent.CountDownLatch(1).await();
                    }
                    delivered.addAll(batch);
                })
                .partitions(1)
                .batchSize(1000)
                .start();
        buffer.pushAll(range(0, 40_000));
        buffer.updateOptions(options -> options.drainThreshold(1));
        CompletableFuture.runAsync(buffer::flush).exceptionally(closed -> null);
        Await.until("the processor hangs", () -> delivered.size() == 7000);

        CloseReport report = buffer.close(Duration.ofMillis(10));

        assertThat(report.complete()).isFalse();
        assertThat(report.delivered() + report.undelivered()).isEqualTo(40_000);
        assertThat(report.inDoubt()).isEqualTo(1000);
        assertThat(buffer.undelivered()).isEqualTo(range(7000, 40_000));
    }

    /** There, versions were forgotten at every drain, so that an older version that came after a flush overwrote a newer one. */
    @Test
    void anOlderVersionAfterAFlushDoesNotOverwriteANewerOne() {
        Map<String, Long> stored = new HashMap<>();
        PutNewerBuffer<String, String> buffer = PutNewerBuffer.<String, String>builder(
                        batch -> batch.forEach(entry -> stored.put(entry.key(), entry.version())))
                .storedVersions(keys -> pick(stored, keys))
                .handDriven();
        buffer.putNewer("key", "new", 10);
        buffer.flush();
        buffer.putNewer("key", "old", 9);
        buffer.flush();
        assertThat(stored).containsEntry("key", 10L);

        buffer.put("key", "plain");
        buffer.flush();
        buffer.putNewer("key", "old", 9);
        buffer.flush();
        assertThat(stored).containsEntry("key", 10L);
    }

    private static Map<String, Long> pick(Map<String, Long> all, Collection<String> keys) {
        Map<String, Long> found = new HashMap<>(all);
        found.keySet().retainAll(keys);
        return found;
    }

    /** There, killing one partition re-routed its keys for ever. Here a partition that fails keeps its keys, and others go on. */
    @Test
    void aFailedPartitionDoesNotTouchTheOthers() {
        ManualScheduler time = new ManualScheduler();
        List<Integer> delivered = new ArrayList<>();
        boolean[] broken = {true};
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    if (broken[0] && batch.get(0) % 2 == 1) {
                        throw new IllegalStateException("odd");
                    }
                    delivered.addAll(batch);
                })
                .partitions(2)
                .routeBy(item -> item)
                .scheduler(time)
                .start();
        buffer.pushAll(range(0, 4));
        time.advance(Duration.ofMinutes(2));
        assertThat(delivered).containsExactly(0, 2);
        assertThat(buffer.push(4)).isTrue();
        broken[0] = false;
        time.advance(Duration.ofSeconds(5));
        assertThat(delivered).containsExactlyInAnyOrder(0, 2, 4, 1, 3);
    }
}
