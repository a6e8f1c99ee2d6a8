package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingBufferTest {
    private static RingBuffer<Integer> ring(int capacity, OverflowStrategy overflow) {
        return RingBuffer.<Integer>builder()
                .capacity(capacity)
                .overflow(overflow)
                .blockTimeout(Duration.ofMillis(5))
                .build();
    }

    private static List<Integer> readAll(Reader<Integer> reader) {
        List<Integer> events = new ArrayList<>();
        reader.drain(events::add, Integer.MAX_VALUE);
        return events;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static void write(RingBuffer<Integer> ring, int from, int to) {
        IntStream.range(from, to).forEach(ring::write);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 3, 1000, (1 << 30) + 1})
    void refusesACapacityThatIsNoPowerOfTwo(int capacity) {
        assertThatThrownBy(() -> RingBuffer.builder().capacity(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=" + capacity);
    }

    @Test
    void hasDefaults() {
        RingBuffer<Integer> first = RingBuffer.<Integer>builder().build();
        RingBuffer<Integer> second = RingBuffer.<Integer>builder().build();

        assertThat(first.capacity()).isEqualTo(1024);
        assertThat(first.name()).isNotEqualTo(second.name());
        write(first, 0, 2000);
        assertThat(first.stats().totalDropped()).isEqualTo(2000 - 1024);
    }

    @ParameterizedTest
    @EnumSource
    void everyReaderSeesEveryEventInOrder(OverflowStrategy overflow) {
        RingBuffer<Integer> ring = ring(8, overflow);
        Reader<Integer> gating = ring.gatingReader();
        Reader<Integer> other = ring.gatingReader();
        Reader<Integer> tailing = ring.tailingReader();
        for (int lap = 0; lap < 5; lap++) {
            write(ring, lap * 6, lap * 6 + 6);
            assertThat(readAll(gating)).isEqualTo(range(lap * 6, lap * 6 + 6));
            assertThat(readAll(tailing)).isEqualTo(range(lap * 6, lap * 6 + 6));
            assertThat(readAll(other)).isEqualTo(range(lap * 6, lap * 6 + 6));
        }
        assertThat(gating.poll()).isNull();
        RingBufferStats stats = ring.stats();
        assertThat(stats.totalWrites()).isEqualTo(30);
        assertThat(stats.totalReads()).isEqualTo(90);
        assertThat(stats.totalDropped()).isZero();
        assertThat(stats.available()).isZero();
    }

    @Test
    void dropOldestOverwritesAndTellsALappedReaderHowManyItMissed() {
        RingBuffer<Integer> ring = ring(8, OverflowStrategy.DROP_OLDEST);
        Reader<Integer> reader = ring.tailingReader();
        write(ring, 0, 3);
        assertThat(reader.poll()).isZero();

        write(ring, 3, 20);

        assertThat(readAll(reader)).isEqualTo(range(12, 20));
        assertThat(reader.missed()).isEqualTo(11);
        assertThat(ring.stats().totalDropped()).isEqualTo(11);
        assertThat(ring.stats().totalReads()).isEqualTo(9);
    }

    @Test
    void onADropOldestRingTheGatingReaderDecidesWhatIsDropped() {
        RingBuffer<Integer> ring = ring(4, OverflowStrategy.DROP_OLDEST);
        Reader<Integer> gating = ring.gatingReader();
        Reader<Integer> tailing = ring.tailingReader();
        write(ring, 0, 4);
        readAll(gating);
        write(ring, 4, 6);

        assertThat(tailing.missed()).isEqualTo(2);
        assertThat(gating.missed()).isZero();
        assertThat(ring.stats().totalDropped()).isZero();
    }

    @Test
    void dropNewestRejectsAndCountsUntilTheSlowestGatingReaderMoves() {
        RingBuffer<Integer> ring = ring(4, OverflowStrategy.DROP_NEWEST);
        Reader<Integer> fast = ring.gatingReader();
        Reader<Integer> slow = ring.gatingReader();
        write(ring, 0, 4);
        readAll(fast);

        assertThat(ring.write(99)).isFalse();
        assertThat(ring.tryWrite(99)).isFalse();
        assertThat(ring.stats().totalDropped()).isEqualTo(2);

        assertThat(slow.poll()).isZero();
        assertThat(ring.write(4)).isTrue();
        assertThat(ring.write(99)).isFalse();
        assertThat(readAll(slow)).isEqualTo(range(1, 5));
    }

    @Test
    void blockTimesOutAndCountsButTryWriteDoesNotCount() {
        RingBuffer<Integer> ring = ring(4, OverflowStrategy.BLOCK);
        Reader<Integer> reader = ring.gatingReader();
        write(ring, 0, 4);

        assertThat(ring.tryWrite(99)).isFalse();
        assertThat(ring.stats().totalDropped()).isZero();
        assertThat(ring.write(99)).isFalse();
        assertThat(ring.stats().totalDropped()).isOne();

        assertThat(reader.poll()).isZero();
        assertThat(ring.write(4)).isTrue();
        assertThat(readAll(reader)).isEqualTo(range(1, 5));
    }

    @Test
    void keepsEventsForTheFirstGatingReaderAndForTheNext() {
        RingBuffer<Integer> ring = ring(4, OverflowStrategy.DROP_NEWEST);
        write(ring, 0, 6);
        try (Reader<Integer> first = ring.gatingReader()) {
            assertThat(first.poll()).isZero();
        }
        write(ring, 4, 6);

        assertThat(readAll(ring.gatingReader())).isEqualTo(range(1, 5));
    }

    @ParameterizedTest
    @EnumSource
    void clearDiscardsWhatIsUnread(OverflowStrategy overflow) {
        RingBuffer<Integer> ring = ring(4, overflow);
        Reader<Integer> reader = ring.gatingReader();
        write(ring, 0, 4);
        assertThat(reader.poll()).isZero();

        ring.clear();

        assertThat(reader.poll()).isNull();
        assertThat(ring.size()).isZero();
        assertThat(ring.stats().totalCleared()).isEqualTo(3);
        assertThat(ring.stats().totalDropped()).isZero();
        write(ring, 4, 8);
        assertThat(readAll(reader)).isEqualTo(range(4, 8));
        assertThat(reader.missed()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void refusesUseAfterClose(OverflowStrategy overflow) {
        RingBuffer<Integer> ring = ring(4, overflow);
        Reader<Integer> reader = ring.gatingReader();
        ring.write(0);
        ring.close();

        assertThatThrownBy(() -> ring.write(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ring.tryWrite(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::poll).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(ring::gatingReader).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(ring::clear).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWhenPositionsPassTheLargestLong(OverflowStrategy overflow) {
        RingBuffer<Integer> ring = RingBuffer.<Integer>builder()
                .capacity(8)
                .overflow(overflow)
                .firstPosition(Long.MAX_VALUE - 20)
                .build();
        Reader<Integer> gating = ring.gatingReader();
        Reader<Integer> tailing = ring.tailingReader();
        for (int i = 0; i < 48; i += 6) {
            write(ring, i, i + 6);
            assertThat(readAll(gating)).isEqualTo(range(i, i + 6));
            if (i % 12 == 6) {
                assertThat(readAll(tailing)).isEqualTo(range(i - 2, i + 6));
            }
        }
        assertThat(ring.writePosition()).isNegative();
        assertThat(tailing.missed()).isEqualTo(16);
        assertThat(ring.stats().totalWrites()).isEqualTo(48);
    }

    @Test
    void aConsumerThatThrowsLosesOnlyTheEventItThrewFor() {
        RingBuffer<Integer> ring = ring(16, OverflowStrategy.BLOCK);
        Reader<Integer> reader = ring.gatingReader();
        write(ring, 0, 6);
        List<Integer> seen = new ArrayList<>();

        assertThatThrownBy(() -> reader.drain(
                        event -> {
                            seen.add(event);
                            if (event == 2) {
                                throw new IllegalArgumentException("two");
                            }
                        },
                        10))
                .hasMessage("two");
        assertThat(reader.position()).isEqualTo(3);
        reader.drain(seen::add, 10);

        assertThat(seen).isEqualTo(range(0, 6));
        assertThat(ring.stats().totalReads()).isEqualTo(6);
    }
}
