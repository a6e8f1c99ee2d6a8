package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves a store leaves its changelog, once that has been compacted; and nothing else does. */
@Tag("slow")
class ChangelogSizeTest {

    private static final int EVENTS = 30_000;
    private static final int BATCH = 2_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** What may be left: fewer than so many are not swept. */
    private static final long LEFT = 12_000;

    @TempDir
    File directory;

    private final MemoryChangelog changelog = new MemoryChangelog();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Map<String, Sample> model = new HashMap<>();
    private StoreTask<RocksEventStore<Sample>> task;
    private long time;

    @BeforeEach
    void open() {
        task = new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog);
        open(store -> store);
    }

    @AfterEach
    void close() {
        task.close();
    }

    @Test
    void isBoundedWithABoundOnTheNumberOfEvents() {
        reopen(store -> store.maxEvents(BATCH / 2));
        putAll(EVENTS);
        commitUntilSmall();
        assertThat(task.store().stats().total()).isEqualTo(BATCH / 2);
    }

    /** With little memory, the sweeper has to wait for the StreamThread. */
    @ParameterizedTest
    @ValueSource(longs = {64 << 20, 1 << 20})
    void isSmallAgainAfterDeletingBefore(long maxUncommittedBytes) {
        reopen(store -> store.maxUncommittedBytes(maxUncommittedBytes));
        putAll(EVENTS);
        deleteBefore(time + 1);
        commitUntilSmall();
    }

    @Test
    void leavesItToTheBrokerWithARetention() {
        reopen(store -> store.retention(Duration.ofDays(1)));
        putAll(EVENTS);
        deleteBefore(time + 1);
        for (int i = 0; i < 20; i++) {
            putAll(1);
            task.store().committedOffset(MemoryChangelog.PARTITION); // waits for what is under way
        }
        assertThat(changelog.after(null)).noneMatch(record -> record.value() == null);
    }

    /** Nobody knows any more then what was about to be deleted: it has to be found again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isBoundedWhenTheTaskHasFailed(boolean diskLost) {
        putAll(EVENTS);
        deleteBefore(time + 1);
        task.abortTransaction();
        task.close();
        if (diskLost) {
            task.loseDisk();
        }
        open(store -> store);
        task.restore(1_000);
        commitUntilSmall();
    }

    @Test
    void keepsWhatHasComeAgain() {
        putAll(EVENTS);
        deleteBefore(time + 1);
        for (int i = 0; i < 300; i++) {
            task.process(() -> {
                for (int j = 0; j < 30; j++) {
                    change("id" + random.nextInt(EVENTS));
                }
            });
            if (random.nextInt(20) == 0) {
                task.store().committedOffset(MemoryChangelog.PARTITION); // everything in RocksDB that can be there
            }
            task.commit();
        }
        assertThat(changelog.samples()).as("seed %d", seed).isEqualTo(model);
        task.close();
        task.loseDisk();
        open(store -> store);
        task.restore(1_000);
        assertThat(task.store().query(EventQuery.<Sample>all().limit(EVENTS)).events())
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(liveRecords()).as("seed %d", seed).isLessThan(LEFT + model.size());
    }

    private void change(String id) {
        if (random.nextInt(5) == 0) {
            task.store().delete(id);
            model.remove(id);
        } else {
            Sample sample = Sample.of(id, ++time);
            assertThat(task.store().put(sample)).isTrue();
            model.put(id, sample);
        }
    }

    private void putAll(int count) {
        for (int from = 0; from < count; from += BATCH) {
            int first = from;
            task.process(() -> {
                for (int i = first; i < Math.min(count, first + BATCH); i++) {
                    task.store().put(Sample.of("id" + i, ++time));
                }
            });
            task.commit();
        }
    }

    private void deleteBefore(long timestampNanos) {
        task.process(() -> task.store().deleteBefore(Timestamps.toInstant(timestampNanos)));
        task.commit();
    }

    private void commitUntilSmall() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (liveRecords() > LEFT) {
            assertThat(System.nanoTime() - deadline)
                    .as("%d are left", liveRecords())
                    .isNegative();
            task.process(() -> task.store().put(Sample.of("one", ++time)));
            task.commit();
        }
    }

    /** How many records compaction leaves that are no tombstones. */
    private long liveRecords() {
        Map<Bytes, Boolean> live = changelog.after(null).stream()
                .collect(Collectors.toMap(
                        record -> Bytes.wrap(record.key()), ChangelogSizeTest::isLive, (earlier, later) -> later));
        return live.values().stream().filter(Boolean::booleanValue).count();
    }

    private static boolean isLive(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null;
    }

    private void open(UnaryOperator<EventStoreBuilder<Sample>> change) {
        task.open(change.apply(EventStores.builder("samples", Sample.definition())));
    }

    private void reopen(UnaryOperator<EventStoreBuilder<Sample>> change) {
        task.close();
        open(change);
    }
}
