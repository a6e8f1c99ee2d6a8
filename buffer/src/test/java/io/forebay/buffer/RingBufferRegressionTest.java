package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Defects that were measured in a ring buffer of another system: none of them may come back here. */
@Timeout(120)
class RingBufferRegressionTest {
    private static final int EVENTS = 1_000_000;

    private static RingBuffer<Long> ring(int capacity, OverflowStrategy overflow) {
        return RingBuffer.<Long>builder().capacity(capacity).overflow(overflow).build();
    }

    /** There, 100 of 1,124 reads of a lapped reader silently returned a newer event than the one asked for. */
    @Test
    void aLappedReaderGetsTheOldestEventThatIsLeftAndTheNumberItMissed() {
        RingBuffer<Long> ring = ring(1024, OverflowStrategy.DROP_OLDEST);
        Reader<Long> reader = ring.tailingReader(0);
        for (long i = 0; i < 1124; i++) {
            ring.write(i);
        }
        for (long expected = 100; expected < 1124; expected++) {
            assertThat(reader.poll()).isEqualTo(expected);
        }
        assertThat(reader.poll()).isNull();
        assertThat(reader.missed()).isEqualTo(100);
    }

    /** There, up to 170,000 of 1,000,000 events were wrong with a live writer, and up to 6,856 were skipped without a word. */
    @ParameterizedTest
    @CsvSource({"1, 256", "2, 256", "3, 256", "1, 16", "2, 16", "1, 2", "2, 2"})
    void readersBesideLiveWritersSeeEveryPositionOnceInOrderOrAreToldThatTheyMissedIt(int writers, int capacity) {
        RingBuffer<Long> ring = ring(capacity, OverflowStrategy.DROP_OLDEST);
        Reader<Long> reader = ring.tailingReader();
        int share = Math.min(EVENTS, 20_000 * capacity) / writers;
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            long base = (long) w << 32;
            running.add(CompletableFuture.runAsync(() -> {
                for (long i = 0; i < share; i++) {
                    ring.write(base + i);
                }
            }));
        }
        long[] last = new long[writers];
        java.util.Arrays.fill(last, -1);
        long seen = 0;
        BooleanSupplier ended = () -> running.stream().allMatch(CompletableFuture::isDone);
        boolean more = true;
        while (more) {
            more = !ended.getAsBoolean();
            for (Long event = reader.poll(); event != null; event = reader.poll()) {
                int writer = (int) (event >>> 32);
                long number = event & 0xFFFF_FFFFL;
                if (number <= last[writer] || (writers == 1 && number != reader.position() - 1)) {
                    throw new AssertionError("event " + number + " of writer " + writer + " after " + last[writer]
                            + ", taken from position " + (reader.position() - 1));
                }
                last[writer] = number;
                seen++;
            }
        }
        long written = (long) share * writers;
        assertThat(seen + reader.missed()).isEqualTo(written);
        assertThat(ring.stats().totalWrites()).isEqualTo(written);
        assertThat(ring.stats().totalDropped()).isEqualTo(reader.missed());
    }

    @Test
    void collidingWritersLoseNothingAsLongAsThereIsRoom() throws Exception {
        RingBuffer<Long> ring = ring(1 << 20, OverflowStrategy.DROP_OLDEST);
        Reader<Long> reader = ring.tailingReader();
        int writers = 2;
        int share = 500_000;
        CyclicBarrier start = new CyclicBarrier(writers);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (long w = 0; w < writers; w++) {
            long base = w * share;
            running.add(CompletableFuture.runAsync(() -> {
                await(start);
                for (int i = 0; i < share; i++) {
                    ring.write(base + i);
                }
            }));
        }
        for (CompletableFuture<Void> writer : running) {
            writer.get(60, TimeUnit.SECONDS);
        }
        Set<Long> seen = new HashSet<>();
        CompletableFuture.runAsync(() -> reader.drain(seen::add, Integer.MAX_VALUE))
                .get(60, TimeUnit.SECONDS);
        assertThat(seen).hasSize(writers * share);
        assertThat(reader.missed()).isZero();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** There, positions that were claimed but not yet published were skipped. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aGatingReaderBesideLiveWritersSeesEverythingInTheOrderOfEachWriter(int writers) throws Exception {
        RingBuffer<Long> ring = ring(256, OverflowStrategy.BLOCK);
        Reader<Long> reader = ring.gatingReader();
        int share = 200_000;
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            long base = (long) w << 32;
            running.add(CompletableFuture.runAsync(() -> {
                for (long i = 0; i < share; i++) {
                    if (!ring.write(base + i)) {
                        throw new IllegalStateException("rejected " + i);
                    }
                }
            }));
        }
        long[] next = new long[writers];
        for (int i = 0; i < share * writers; i++) {
            Long event = reader.poll(Duration.ofSeconds(60));
            assertThat(event).isNotNull();
            if (event != null) {
                int writer = (int) (event >>> 32);
                assertThat(event & 0xFFFF_FFFFL).isEqualTo(next[writer]++);
            }
        }
        assertThat(reader.poll()).isNull();
        for (CompletableFuture<Void> writer : running) {
            writer.get(60, TimeUnit.SECONDS);
        }
    }

    /** There, {@code block} returned "full" at once. */
    @Test
    void blockWaitsForTheReader() throws Exception {
        RingBuffer<Long> ring = ring(2, OverflowStrategy.BLOCK);
        Reader<Long> reader = ring.gatingReader();
        ring.write(0L);
        ring.write(1L);
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<Boolean> third = CompletableFuture.supplyAsync(() -> {
            thread.set(Thread.currentThread());
            return ring.write(2L);
        });
        Await.until("the writer is parked, not spinning", () -> isParked(thread.get()));
        assertThat(third).isNotDone();
        assertThat(reader.poll()).isZero();
        assertThat(third.get(60, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean isParked(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void aBlockedWriterHonoursInterruptionAndClosing() throws Exception {
        RingBuffer<Long> ring = ring(2, OverflowStrategy.BLOCK);
        ring.write(0L);
        ring.write(1L);
        AtomicReference<Boolean> accepted = new AtomicReference<>();
        AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        Thread writer = new Thread(() -> {
            accepted.set(ring.write(2L));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        writer.start();
        Await.until("the writer waits", () -> isParked(writer));
        writer.interrupt();
        writer.join(60_000);
        assertThat(accepted).hasValue(false);
        assertThat(stillInterrupted).hasValue(true);
        assertThat(ring.stats().totalRejected()).isOne();

        CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> ring.write(3L));
        ring.close();
        assertThat(other)
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableThat()
                .withMessageContaining("closed");
    }

    /** There, after {@code drop_newest} had filled the ring, no write ever succeeded again; and rejections were not counted. */
    @Test
    void dropNewestGoesOnAfterReadsAndCountsRejections() {
        RingBuffer<Long> ring = ring(4, OverflowStrategy.DROP_NEWEST);
        Reader<Long> reader = ring.gatingReader();
        long rejected = 0;
        for (long i = 0; i < 1000; i++) {
            rejected += ring.write(i) ? 0 : 1;
            if (i % 10 == 9) {
                reader.drain(event -> {}, 4);
            }
        }
        assertThat(rejected).isEqualTo(600);
        assertThat(ring.stats().totalRejected()).isEqualTo(rejected);
        assertThat(ring.stats().totalDropped()).isEqualTo(rejected);
        assertThat(ring.stats().totalReads()).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void anIdleRingLetsGoOfEvents(OverflowStrategy overflow) {
        RingBuffer<Object> ring =
                RingBuffer.builder().capacity(4).overflow(overflow).build();
        Reader<Object> first = ring.gatingReader();
        Reader<Object> second = ring.gatingReader();
        List<WeakReference<Object>> references = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Object big = new byte[100];
            references.add(new WeakReference<>(big));
            ring.write(big);
        }
        first.drain(event -> {}, 2);
        second.drain(event -> {}, 3);
        first.drain(event -> {}, 2);
        if (overflow == OverflowStrategy.DROP_OLDEST) {
            ring.clear(); // a ring that overwrites keeps events until then
        }
        Await.until("all events are collected", () -> {
            System.gc();
            return references.stream().allMatch(reference -> reference.get() == null);
        });
        assertThat(ring.size()).isZero();
    }
}
