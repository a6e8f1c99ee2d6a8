package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laps that meet in one slot: the interleavings that tests with threads seldom hit. */
class RingSlotsTest {
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5})
    void aLaterLapFindsASuspendedWriterAndAnEarlierOneFindsItIsLapped(long first) {
        RingSlots<String> slots = new RingSlots<>(4, first);
        assertThat(slots.seize(first)).isEqualTo(RingSlots.Seizure.SEIZED);
        assertThat(slots.seize(first + 4)).isEqualTo(RingSlots.Seizure.BUSY);
        assertThat(slots.isPublished(first)).isFalse();
        slots.publishSeized(first, "late");
        assertThat(slots.elementIfStill(first)).isEqualTo("late");

        assertThat(slots.seize(first + 8)).isEqualTo(RingSlots.Seizure.SEIZED);
        assertThat(slots.elementIfStill(first)).isNull();
        assertThat(slots.seize(first + 4)).isEqualTo(RingSlots.Seizure.LAPPED);
        slots.publishSeized(first + 8, "newest");
        assertThat(slots.elementIfStill(first + 8)).isEqualTo("newest");
        assertThat(slots.elementIfStill(first + 4)).isNull();
    }

    @Test
    void aWriterThatMeetsASuspendedOneGivesItsPositionUpAndItIsCounted() {
        RingBuffer<Integer> ring = RingBuffer.<Integer>builder()
                .capacity(2)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .build();
        Reader<Integer> reader = ring.tailingReader();
        ring.write(0);
        ring.write(1);
        assertThat(ring.slots().seize(2))
                .isEqualTo(RingSlots.Seizure.SEIZED); // as if by a writer that is suspended now
        // the cursor is at 2: this write meets it in the slot of position 2
        assertThat(ring.write(2)).isTrue();
        ring.write(3);

        assertThat(reader.poll()).isEqualTo(3);
        assertThat(reader.poll()).isNull();
        assertThat(reader.missed()).isEqualTo(3);
        assertThat(ring.stats().totalWrites()).isEqualTo(4);
        assertThat(ring.stats().totalDropped()).isEqualTo(3);
        ring.slots().publishSeized(2, 99);
        ring.write(4);
        ring.write(5);
        assertThat(reader.poll()).isEqualTo(4);
        assertThat(reader.poll()).isEqualTo(5);
        assertThat(ring.stats().totalDropped()).isEqualTo(3);
        assertThat(ring.stats().totalReads()).isEqualTo(3);
    }

    @Test
    void aPositionThatIsAbandonedAfterItsLossWasSettledIsNotCountedTwice() {
        RingBuffer<Integer> ring = RingBuffer.<Integer>builder()
                .capacity(2)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .build();
        Reader<Integer> reader = ring.tailingReader();
        for (int i = 0; i < 10; i++) {
            ring.write(i);
        }
        assertThat(reader.missed()).isEqualTo(8);
        ring.readers().abandon(3);

        assertThat(ring.stats().totalDropped()).isEqualTo(8);
        ring.write(10);
        assertThat(ring.stats().totalDropped()).isEqualTo(9);
    }
}
