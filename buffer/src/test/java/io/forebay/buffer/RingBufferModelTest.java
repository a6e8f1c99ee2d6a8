package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations against a plain model, one thread. A failure names the seed. */
class RingBufferModelTest {
    private static final int CAPACITY = 8;

    /** The ring as plain lists: what is retained, and each reader's position. */
    private static final class Model {
        final OverflowStrategy overflow;
        final Deque<Integer> events = new ArrayDeque<>();
        long oldest;
        long end;
        long position;
        long missed;
        long tailPosition;
        long tailMissed;
        long rejected;
        long cleared;
        long reads;

        Model(OverflowStrategy overflow) {
            this.overflow = overflow;
        }

        boolean write(int event) {
            if (overflow != OverflowStrategy.DROP_OLDEST && end - position == CAPACITY) {
                rejected += overflow == OverflowStrategy.DROP_NEWEST ? 1 : 0;
                return false;
            }
            events.add(event);
            end++;
            if (events.size() > CAPACITY) {
                events.remove();
                oldest++;
            }
            missed += Math.max(0, oldest - position);
            position = Math.max(position, oldest);
            tailMissed += Math.max(0, oldest - tailPosition);
            tailPosition = Math.max(tailPosition, oldest);
            return true;
        }

        private Integer at(long wanted) {
            return events.stream().skip(wanted - oldest).findFirst().orElseThrow();
        }

        List<Integer> read(int max) {
            List<Integer> read = new ArrayList<>();
            while (read.size() < max && position < end) {
                read.add(at(position++));
            }
            reads += read.size();
            return read;
        }

        List<Integer> readTail(int max) {
            List<Integer> read = new ArrayList<>();
            while (read.size() < max && tailPosition < end) {
                read.add(at(tailPosition++));
            }
            reads += read.size();
            return read;
        }

        void clear() {
            cleared += end - position;
            position = end;
            tailPosition = end;
        }
    }

    @ParameterizedTest
    @EnumSource
    void behavesAsTheModel(OverflowStrategy overflow) {
        LongStream.range(0, 200).forEach(seed -> run(overflow, seed));
    }

    private static void run(OverflowStrategy overflow, long seed) {
        Random random = new Random(seed);
        long first = random.nextBoolean() ? 0 : Long.MAX_VALUE - random.nextInt(200);
        Model model = new Model(overflow);
        RingBuffer<Integer> ring = RingBuffer.<Integer>builder()
                .capacity(CAPACITY)
                .overflow(overflow)
                .firstPosition(first)
                .build();
        Reader<Integer> gating = ring.gatingReader();
        Reader<Integer> tailing = ring.tailingReader();
        for (int step = 0; step < 300; step++) {
            String at = "seed=" + seed + ", step=" + step + ", overflow=" + overflow;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> assertThat(ring.tryWrite(step)).as(at).isEqualTo(model.write(step));
                case 5, 6 -> {
                    int max = random.nextInt(CAPACITY + 2);
                    assertThat(drain(gating, max)).as(at).isEqualTo(model.read(max));
                }
                case 7 -> {
                    int max = random.nextInt(CAPACITY + 2);
                    assertThat(drain(tailing, max)).as(at).isEqualTo(model.readTail(max));
                }
                case 8 -> {
                    List<Integer> one = model.read(1);
                    assertThat(gating.poll()).as(at).isEqualTo(one.isEmpty() ? null : one.get(0));
                }
                default -> {
                    if (random.nextInt(5) == 0) {
                        ring.clear();
                        model.clear();
                    }
                }
            }
            RingBufferStats stats = ring.stats();
            assertThat(stats.totalWrites()).as(at).isEqualTo(model.end);
            assertThat(stats.totalReads()).as(at).isEqualTo(model.reads);
            assertThat(stats.available()).as(at).isEqualTo(model.end - model.position);
            assertThat(stats.totalDropped()).as(at).isEqualTo(model.missed + model.rejected);
            assertThat(stats.totalCleared()).as(at).isEqualTo(model.cleared);
            assertThat(gating.missed()).as(at).isEqualTo(model.missed);
            assertThat(tailing.missed()).as(at).isEqualTo(model.tailMissed);
            assertThat(gating.position()).as(at).isEqualTo(first + model.position);
        }
    }

    private static List<Integer> drain(Reader<Integer> reader, int max) {
        List<Integer> read = new ArrayList<>();
        reader.drain(read::add, max);
        return read;
    }
}
