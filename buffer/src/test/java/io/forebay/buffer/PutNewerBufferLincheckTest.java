package io.forebay.buffer;

import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes, deletes and reads of a put-newer buffer that is not flushed are linearizable. */
@Tag("slow")
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "version", gen = IntGen.class, conf = "1:4")
public class PutNewerBufferLincheckTest {
    private final PutNewerBuffer<Integer, Integer> buffer = PutNewerBuffer.<Integer, Integer>builder(batch -> {})
            .partitions(2)
            .scheduler(new ManualScheduler())
            .start();

    @Operation
    public boolean putNewer(@Param(name = "key") int key, @Param(name = "version") int version) {
        return buffer.putNewer(key, version, (long) version);
    }

    @Operation
    public @Nullable Integer get(@Param(name = "key") int key) {
        return buffer.get(key);
    }

    @Operation
    public boolean delete(@Param(name = "key") int key) {
        return buffer.delete(key);
    }

    @Test
    @Tag("long")
    void stressForLong() {
        new StressOptions()
                .iterations(100)
                .invocationsPerIteration(10_000)
                .threads(3)
                .actorsPerThread(4)
                .sequentialSpecification(NewestOfEachKey.class)
                .check(getClass());
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(1000)
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(NewestOfEachKey.class)
                .check(getClass());
    }

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(3)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(NewestOfEachKey.class)
                .check(getClass());
    }

    /** What the buffer has to be like. A deleted entry is gone, and its version stays known. */
    public static final class NewestOfEachKey {
        private final Map<Integer, Integer> values = new HashMap<>();
        private final Map<Integer, Integer> versions = new HashMap<>();

        public boolean putNewer(int key, int version) {
            Integer known = versions.get(key);
            if (known != null && known >= version) {
                return false;
            }
            versions.put(key, version);
            values.put(key, version);
            return true;
        }

        public @Nullable Integer get(int key) {
            return values.get(key);
        }

        public boolean delete(int key) {
            return values.remove(key) != null;
        }
    }
}
