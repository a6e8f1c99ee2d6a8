package io.forebay.buffer;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A ring with one gating reader is a linearizable bounded queue: offers by any number of threads, polls by one. */
@Tag("slow")
public class RingBufferLincheckTest {
    private final RingBuffer<Integer> ring = RingBuffer.<Integer>builder()
            .capacity(2)
            .overflow(OverflowStrategy.DROP_NEWEST)
            .build();
    private final Reader<Integer> reader = ring.gatingReader();

    @Operation
    public boolean write(int event) {
        return ring.write(event);
    }

    @Operation(nonParallelGroup = "reader")
    public @Nullable Integer poll() {
        return reader.poll();
    }

    @Test
    @Tag("long")
    void stressForLong() {
        new StressOptions()
                .iterations(100)
                .invocationsPerIteration(10_000)
                .threads(3)
                .actorsPerThread(4)
                .sequentialSpecification(BoundedQueue.class)
                .check(getClass());
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(1000)
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(BoundedQueue.class)
                .check(getClass());
    }

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(BoundedQueue.class)
                .check(getClass());
    }

    /** What the ring has to be like. */
    public static final class BoundedQueue {
        private final java.util.ArrayDeque<Integer> events = new java.util.ArrayDeque<>();

        public boolean write(int event) {
            return events.size() < 2 && events.add(event);
        }

        public @Nullable Integer poll() {
            return events.poll();
        }
    }
}
