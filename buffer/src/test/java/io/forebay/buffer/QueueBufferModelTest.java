package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random pushes, seals, drains and failures of a hand-driven queue against a plain deque. A failure names the seed. */
class QueueBufferModelTest {
    private static final int MAX_ENTRIES = 40;

    @ParameterizedTest
    @EnumSource
    void behavesAsTheModel(OverflowStrategy overflow) {
        LongStream.range(0, 200).forEach(seed -> run(overflow, seed));
    }

    private static void run(OverflowStrategy overflow, long seed) {
        Random random = new Random(seed);
        List<Integer> delivered = new ArrayList<>();
        boolean[] failing = {false};
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    if (failing[0] && random.nextInt(3) == 0) {
                        throw new IllegalStateException("at random");
                    }
                    delivered.addAll(batch);
                })
                .batchSize(1 + random.nextInt(9))
                .maxEntries(MAX_ENTRIES)
                .overflow(overflow)
                .handDriven();
        List<Integer> expected = new ArrayList<>();
        ArrayDeque<Integer> active = new ArrayDeque<>();
        int sealed = 0;
        int next = 0;
        for (int step = 0; step < 300; step++) {
            String at = "seed=" + seed + ", step=" + step + ", overflow=" + overflow;
            failing[0] = random.nextBoolean() && overflow != OverflowStrategy.BLOCK;
            if (random.nextInt(5) > 0) {
                int count = random.nextInt(8);
                List<Integer> items =
                        IntStream.range(next, next + count).boxed().toList();
                next += count;
                int accepted = 0;
                for (Integer item : items) {
                    if (sealed + active.size() == MAX_ENTRIES) {
                        if (overflow == OverflowStrategy.BLOCK) {
                            expected.addAll(active);
                            active.clear();
                            sealed = 0;
                        } else if (overflow == OverflowStrategy.DROP_OLDEST && !active.isEmpty()) {
                            active.remove();
                        } else {
                            continue;
                        }
                    }
                    active.add(item);
                    accepted++;
                }
                assertThat(buffer.pushAll(items)).as(at).isEqualTo(accepted);
            } else if (random.nextBoolean()) {
                if (sealed == 0) {
                    sealed = active.size();
                    expected.addAll(active);
                    active.clear();
                }
                assertThat(buffer.seal()).as(at).isEqualTo(sealed);
            } else {
                tryDrain(buffer);
                sealed = (int) buffer.stats().inFlight();
            }
            assertThat(buffer.size()).as(at).isEqualTo(sealed + active.size());
            assertThat(delivered.size()).as(at).isEqualTo(expected.size() - sealed);
        }
        failing[0] = false;
        buffer.flush();
        expected.addAll(active);
        assertThat(delivered).as("seed=%d", seed).isEqualTo(expected);
    }

    private static void tryDrain(QueueBuffer<Integer> buffer) {
        try {
            buffer.drain();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("at random");
        }
    }
}
