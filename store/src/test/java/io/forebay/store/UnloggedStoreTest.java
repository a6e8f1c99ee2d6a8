package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.HandDrivenTask;
import java.io.File;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a changelog, what is put goes to RocksDB before the commit, while readers look on. */
class UnloggedStoreTest {

    @TempDir
    File directory;

    private final MemoryChangelog none = new MemoryChangelog();

    /** What was counted at each moment. */
    private final Map<Moment, Long> counts = new EnumMap<>(Moment.class);

    private LongSupplier counter = () -> 0;

    @Test
    void anEventIsCountedOnceWhileItIsWritten() {
        try (StoreTask<RocksEventStore<Sample>> task = new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, none)) {
            task.open(EventStores.builder("samples", Sample.definition())
                    .withLoggingDisabled()
                    .crashPoints(this::count));
            counter = () -> task.store().stats().total();
            for (int i = 1; i <= 3; i++) {
                Sample sample = Sample.of("id" + i, i);
                task.process(() -> task.store().put(sample));
                assertCounted(i, task);
            }
        }
    }

    @Test
    void aKeyIsCountedOnceWhileItIsWritten() {
        try (StoreTask<RocksLatestStore<String, String>> task =
                new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, none)) {
            task.open(LatestStores.builder("samples", LatestDefinition.of(Serdes.String(), Serdes.String()))
                    .withLoggingDisabled()
                    .crashPoints(this::count));
            counter = () -> task.store().count();
            for (int i = 1; i <= 3; i++) {
                PreparedUpdate<String, String> update =
                        task.store().prepare("k" + i, "value", 1, 0, HandDrivenTask.noHeaders());
                task.process(() -> task.store().putNewer(update));
                assertCounted(i, task);
            }
        }
    }

    private void assertCounted(long expected, StoreTask<?> task) {
        assertThat(counter.getAsLong()).as("before the commit").isEqualTo(expected);
        counts.clear();
        task.commit();
        assertThat(counter.getAsLong()).as("after the commit").isEqualTo(expected);
        assertThat(counts)
                .containsKeys(Moment.WRITING, Moment.WRITTEN)
                .allSatisfy(
                        (moment, count) -> assertThat(count).as("at %s", moment).isEqualTo(expected));
    }

    private void count(Moment moment) {
        counts.put(moment, counter.getAsLong());
    }
}
