package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UlidsTest {

    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @Test
    void sortsByTimeToTheNanosecond() {
        Ulids ids = new Ulids();
        List<String> inOrder = Stream.of(
                        TIME, TIME.plusNanos(1), TIME.plusNanos(15), TIME.plusNanos(16), TIME.plusMillis(1))
                .map(ids::next)
                .toList();

        assertThat(inOrder).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void sortsByTimeWhateverTheSource() {
        String early = new Ulids(-1).next(TIME);
        String late = new Ulids(0).next(TIME.plusNanos(1));

        assertThat(early).isLessThan(late);
    }

    @Test
    void tellsEventsOfTheSameNanosecondApart() {
        Ulids ids = new Ulids();

        assertThat(IntStream.range(0, 100_000).mapToObj(i -> ids.next(TIME))).doesNotHaveDuplicates();
    }

    @Test
    void isAValidUlid() {
        // The first ten digits of a ULID are its millisecond: 1 is one millisecond after the epoch.
        assertThat(new Ulids(0).next(Instant.ofEpochMilli(1))).isEqualTo("00000000010000000000000000");
        assertThat(new Ulids().next(TIME)).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}");
    }
}
