package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class IdFilterTest {

    private final IdFilter filter = new IdFilter();

    /** Over several layers. */
    @Test
    void holdsWhatWasAddedAndHardlyAnythingElse() {
        int count = 400_000;
        for (int i = 0; i < count; i++) {
            filter.add(id(i));
        }
        assertThat(IntStream.range(0, count).allMatch(i -> filter.mayHold(id(i))))
                .isTrue();
        long wrong = IntStream.range(count, 2 * count)
                .filter(i -> filter.mayHold(id(i)))
                .count();
        assertThat(wrong).as("of %d ids that are not there", count).isBetween(1L, count / 25L);
    }

    @Test
    void isFullSomeTimeAndThenExcludesNothing() {
        assertThat(filter.mayHold(id(0))).isFalse();
        int added = 0;
        while (!filter.isFull()) {
            filter.add(id(added++));
        }
        assertThat(added).isBetween(4_400_000, 4_600_000);
        for (int i = 0; i < 1_000; i++) {
            filter.add(id(added + i));
            assertThat(filter.mayHold(id(2 * added + i))).isTrue();
        }
    }

    private static Bytes id(int number) {
        return Bytes.wrap(("event-" + number).getBytes(StandardCharsets.UTF_8));
    }
}
