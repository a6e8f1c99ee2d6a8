package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writers against a flush every 5 ms: every accepted item is processed once or still buffered. */
@Timeout(300)
class DoubleBufferStressTest {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void tearDown() {
        threads.shutdownNow();
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} writers, failing processor: {1}")
    @CsvSource({"2, false", "8, false", "2, true", "8, true"})
    void queue(int writers, boolean failing) throws Exception {
        runQueue(writers, failing, SHORT);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0} writers, failing processor: {1}")
    @CsvSource({"2, false", "8, false", "2, true", "8, true"})
    void queueForLong(int writers, boolean failing) throws Exception {
        runQueue(writers, failing, LONG);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} writers, failing processor: {1}")
    @CsvSource({"2, false", "8, true"})
    void putNewer(int writers, boolean failing) throws Exception {
        runPutNewer(writers, failing, SHORT);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0} writers, failing processor: {1}")
    @CsvSource({"2, false", "8, false", "2, true", "8, true"})
    void putNewerForLong(int writers, boolean failing) throws Exception {
        runPutNewer(writers, failing, LONG);
    }

    private static final class Flaky {
        private final boolean failing;
        private final SplittableRandom random = new SplittableRandom(7);

        Flaky(boolean failing) {
            this.failing = failing;
        }

        synchronized void maybeFail() {
            if (failing && random.nextInt(4) == 0) {
                throw new IllegalStateException("at random");
            }
        }
    }

    private static <T, B extends BufferBuilder<T, B>> B configure(B builder) {
        return builder.partitions(3)
                .batchSize(256)
                .flushInterval(Duration.ofMillis(5))
                .maxEntries(60_000)
                .retry(new RetryPolicy(Duration.ofNanos(100_000), Duration.ofMillis(1), 2, 0.5))
                .processingTimeout(Duration.ofMinutes(5));
    }

    private void runQueue(int writers, boolean failing, Duration duration) throws Exception {
        Flaky flaky = new Flaky(failing);
        List<BitSet> seen = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            seen.add(new BitSet());
        }
        AtomicLong duplicates = new AtomicLong();
        QueueBuffer<long[]> buffer = configure(QueueBuffer.<long[]>builder(batch -> {
                    flaky.maybeFail();
                    for (long[] item : batch) {
                        BitSet set = seen.get((int) item[0]);
                        synchronized (set) {
                            if (set.get((int) item[1])) {
                                duplicates.incrementAndGet();
                            }
                            set.set((int) item[1]);
                        }
                    }
                }))
                .routeBy(item -> (int) item[1])
                .start();
        List<CompletableFuture<Long>> running = new ArrayList<>();
        long endNanos = System.nanoTime() + duration.toNanos();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            running.add(CompletableFuture.supplyAsync(() -> write(buffer, writer, endNanos), threads));
        }
        long accepted = 0;
        for (CompletableFuture<Long> writer : running) {
            accepted += writer.get(200, TimeUnit.SECONDS);
        }
        assertAccounts(buffer.stats());
        CloseReport report = buffer.close(Duration.ofSeconds(60));

        assertThat(report.complete()).as("%s", report).isTrue();
        assertThat(duplicates).hasValue(0);
        assertThat(seen.stream().mapToLong(BitSet::cardinality).sum()).isEqualTo(accepted);
        assertThat(buffer.stats().accepted()).isEqualTo(accepted);
        assertThat(buffer.stats().delivered()).isEqualTo(accepted);
    }

    private static long write(QueueBuffer<long[]> buffer, int writer, long endNanos) {
        long accepted = 0;
        long number = 0;
        while (System.nanoTime() - endNanos < 0) {
            if (number % 3 == 0) {
                List<long[]> call = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    call.add(new long[] {writer, number++});
                }
                accepted += buffer.pushAll(call);
            } else {
                accepted += buffer.push(new long[] {writer, number++}) ? 1 : 0;
            }
        }
        return accepted;
    }

    private void runPutNewer(int writers, boolean failing, Duration duration) throws Exception {
        Flaky flaky = new Flaky(failing);
        Map<Integer, Long> stored = new ConcurrentHashMap<>();
        Map<Integer, Long> newest = new ConcurrentHashMap<>();
        PutNewerBuffer<Integer, Long> buffer = configure(PutNewerBuffer.<Integer, Long>builder(batch -> {
                    flaky.maybeFail();
                    for (VersionedEntry<Integer, Long> entry : batch) {
                        Long before = stored.put(entry.key(), entry.version());
                        if (before != null && before >= entry.version()) {
                            throw new AssertionError("stored " + before + " was overwritten by " + entry);
                        }
                    }
                }))
                .storedVersions(keys -> {
                    Map<Integer, Long> found = new java.util.HashMap<>();
                    keys.forEach(key -> stored.computeIfPresent(key, (k, version) -> {
                        found.put(k, version);
                        return version;
                    }));
                    return found;
                })
                .start();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        long endNanos = System.nanoTime() + duration.toNanos();
        for (int w = 0; w < writers; w++) {
            SplittableRandom random = new SplittableRandom(w);
            running.add(CompletableFuture.runAsync(
                    () -> {
                        while (System.nanoTime() - endNanos < 0) {
                            int key = random.nextInt(5000);
                            long version = random.nextLong(1_000_000_000);
                            buffer.putNewer(key, version, version);
                            newest.merge(key, version, Math::max);
                        }
                    },
                    threads));
        }
        for (CompletableFuture<Void> writer : running) {
            writer.get(200, TimeUnit.SECONDS);
        }
        assertAccounts(buffer.stats());
        CloseReport report = buffer.close(Duration.ofSeconds(60));

        assertThat(report.complete()).as("%s", report).isTrue();
        assertAccounts(buffer.stats());
        assertThat(stored).isEqualTo(newest);
    }

    private static void assertAccounts(BufferStats stats) {
        assertThat(stats.accepted())
                .as("%s", stats)
                .isEqualTo(stats.delivered()
                        + stats.stale()
                        + stats.coalesced()
                        + stats.deleted()
                        + stats.deadLettered()
                        + stats.dropped()
                        + stats.buffered()
                        + stats.inFlight());
    }
}
