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
    void knowsWhatWasAddedAndHardlyTakesAnythingElseForIt() {
        int count = 400_000;
        assertThat(certainlyNew(0, count)).isBetween(count * 96L / 100, (long) count);
        assertThat(certainlyNew(0, count)).isZero();
        assertThat(certainlyNew(count, 2 * count)).isBetween(count * 96L / 100, count - 1L);
    }

    @Test
    void isFullSomeTimeAndThenCertainOfNothing() {
        int added = 0;
        while (!filter.isFull()) {
            filter.add(id(added++));
        }
        assertThat(added).isBetween(4_400_000, 4_700_000);
        assertThat(certainlyNew(2 * added, 2 * added + 1_000)).isZero();
    }

    @Test
    void takesNoRoomForAnIdThatItHolds() {
        for (int i = 0; i < 5_000_000; i++) {
            filter.add(id(i % 1_000));
        }
        assertThat(filter.isFull()).isFalse();
    }

    private long certainlyNew(int from, int to) {
        return IntStream.range(from, to).filter(i -> filter.add(id(i))).count();
    }

    private static Bytes id(int number) {
        return Bytes.wrap(("event-" + number).getBytes(StandardCharsets.UTF_8));
    }
}
