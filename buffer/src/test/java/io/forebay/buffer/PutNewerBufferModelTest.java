package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random writes, flushes and failures against a plain map of the newest version of each key. A failure names the seed.
 */
class PutNewerBufferModelTest {
    @Test
    void theStoreEndsUpWithTheNewestVersionOfEachKey() {
        LongStream.range(0, 300).forEach(PutNewerBufferModelTest::run);
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        Map<Integer, Long> newest = new HashMap<>();
        Map<Integer, Long> stored = new HashMap<>();
        PutNewerBuffer<Integer, String> buffer = PutNewerBuffer.<Integer, String>builder(batch -> {
                    if (random.nextInt(4) == 0) {
                        throw new IllegalStateException("at random");
                    }
                    for (VersionedEntry<Integer, String> entry : batch) {
                        assertThat(entry.value()).isEqualTo("v" + entry.version());
                        Long before = stored.put(entry.key(), entry.version());
                        assertThat(before == null || before < entry.version())
                                .as("seed=%d: %s replaced by %s", seed, before, entry)
                                .isTrue();
                    }
                })
                .storedVersions(keys -> {
                    Map<Integer, Long> found = new HashMap<>(stored);
                    found.keySet().retainAll(keys);
                    return found;
                })
                .batchSize(1 + random.nextInt(5))
                .maxEntries(12)
                .overflow(OverflowStrategy.DROP_NEWEST)
                .handDriven();
        for (int step = 0; step < 300; step++) {
            if (random.nextInt(12) == 0) {
                tryFlush(buffer);
            } else {
                List<VersionedEntry<Integer, String>> call = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    long version = random.nextInt(1000);
                    call.add(VersionedEntry.of(random.nextInt(20), "v" + version, version));
                }
                for (VersionedEntry<Integer, String> update : call) {
                    long rejected = buffer.stats().rejected();
                    buffer.putAllNewer(List.of(update));
                    if (buffer.stats().rejected() == rejected) {
                        newest.merge(update.key(), update.version(), Math::max);
                    }
                }
            }
            BufferStats stats = buffer.stats();
            assertThat(stats.accepted())
                    .as("seed=%d, step=%d, %s", seed, step, stats)
                    .isEqualTo(stats.delivered()
                            + stats.stale()
                            + stats.coalesced()
                            + stats.buffered()
                            + stats.inFlight());
        }
        while (buffer.size() > 0) {
            tryFlush(buffer);
        }
        assertThat(stored).as("seed=%d", seed).isEqualTo(newest);
    }

    private static void tryFlush(PutNewerBuffer<Integer, String> buffer) {
        try {
            buffer.flush();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("at random");
        }
    }
}
