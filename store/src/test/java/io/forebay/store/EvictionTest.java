package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that have left stay away: across restarts, crashes and the loss of the disk; unless the commit never was. */
class EvictionTest {

    @TempDir
    File directory;

    private final MemoryChangelog changelog = new MemoryChangelog();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void remembersWhatWasDeletedBefore(boolean diskLost) {
        StoreTask<RocksEventStore<Sample>> task = open(builder -> builder);
        put(task, 0, 10);
        commit(task);
        task.process(() ->
                assertThat(task.store().deleteBefore(Timestamps.toInstant(4))).isEqualTo(4));
        assertThat(task.storeOffset()).as("seen").isEqualTo(task.inputOffset());
        assertThat(timestamps(task)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
        commit(task);
        reopen(task, diskLost, builder -> builder);
        assertThat(timestamps(task)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(task.store().stats().evicted()).isEqualTo(4);
        task.process(() -> {
            assertThat(task.store().put(sample(3))).as("below the floor").isFalse();
            assertThat(task.store().put(sample(4))).as("at the floor").isTrue();
        });
        assertThat(task.store().stats().late()).isEqualTo(1);
        task.close();
    }

    @Test
    void takesBackWhatWasNotCommitted() {
        StoreTask<RocksEventStore<Sample>> task = open(builder -> builder);
        put(task, 0, 10);
        commit(task);
        task.process(() -> task.store().deleteBefore(Timestamps.toInstant(4)));
        task.abortTransaction();
        reopen(task, false, builder -> builder);
        assertThat(timestamps(task)).hasSize(10);
        assertThat(task.store().stats().evicted()).isZero();
        task.process(() -> assertThat(task.store().put(sample(3))).isTrue());
        task.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsNoMoreThanTheBoundSays(boolean diskLost) {
        UnaryOperator<EventStoreBuilder<Sample>> bounded = builder -> builder.maxEvents(6);
        StoreTask<RocksEventStore<Sample>> task = open(bounded);
        put(task, 0, 10);
        commit(task);
        assertThat(timestamps(task)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
        put(task, 10, 12);
        commit(task);
        reopen(task, diskLost, bounded);
        assertThat(timestamps(task)).containsExactly(6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(task.store().stats().evicted()).isEqualTo(6);
        task.close();
    }

    @Test
    void forgetsWhatIsOlderThanTheRetentionWhenItIsOpenedWithOne() {
        StoreTask<RocksEventStore<Sample>> task = open(builder -> builder);
        put(task, 0, 10);
        commit(task);
        reopen(task, false, builder -> builder.retention(Duration.ofNanos(3)));
        task.process(() -> assertThat(task.store().put(sample(5)))
                .as("older than the newest by 4")
                .isFalse());
        put(task, 10, 11);
        commit(task);
        assertThat(timestamps(task)).containsExactly(7L, 8L, 9L, 10L);
        task.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsLateStaysLateWhenTheNewestEventIsDeleted(boolean diskLost) {
        UnaryOperator<EventStoreBuilder<Sample>> retention = builder -> builder.retention(Duration.ofNanos(100));
        StoreTask<RocksEventStore<Sample>> task = open(retention);
        put(task, 1_000, 1_001);
        commit(task);
        task.process(() -> task.store().delete("id1000"));
        put(task, 950, 951);
        task.process(() -> assertThat(task.store().put(sample(899))).isFalse());
        commit(task);
        reopen(task, diskLost, retention);
        task.process(() -> assertThat(task.store().put(sample(899))).isFalse());
        task.process(() -> assertThat(task.store().put(sample(900))).isTrue());
        commit(task);
        assertThat(timestamps(task)).containsExactly(900L, 950L);
        task.close();
    }

    @Test
    void hasTheTopicDeleteWhatIsOlderThanTheRetention() {
        EventStoreBuilder<Sample> builder = EventStores.builder("samples", Sample.definition());
        assertThat(builder.logConfig()).isEmpty();
        assertThat(builder.retention(Duration.ofDays(2)).logConfig())
                .isEqualTo(Map.of("cleanup.policy", "compact,delete", "retention.ms", "259200000"));
        assertThat(builder.withLoggingEnabled(Map.of("retention.ms", "1")).logConfig())
                .containsEntry("retention.ms", "1");
    }

    /** With the time of the event, the broker would delete what the store still has when an old topic is read again. */
    @Test
    void logsEventsWithTheTimeAtWhichTheyAreLogged() {
        StoreTask<RocksEventStore<Sample>> task = open(builder -> builder.retention(Duration.ofDays(30)));
        long nowMs = 1_700_000_000_000L;
        task.setClock(nowMs);
        put(task, -1, 3);
        commit(task);
        long future = (nowMs + 1_000_000) * 1_000_000;
        put(task, future, future + 1);
        commit(task);
        assertThat(changelog.after(null))
                .hasSizeGreaterThan(4)
                .allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(nowMs));
        task.close();
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        EventStoreBuilder<Sample> builder = EventStores.builder("samples", Sample.definition());
        for (Duration nonsense : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(200_000))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.retention(nonsense))
                    .withMessageContaining("retention=" + nonsense);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxEvents(0))
                .withMessageContaining("maxEvents=0");
    }

    private StoreTask<RocksEventStore<Sample>> open(UnaryOperator<EventStoreBuilder<Sample>> change) {
        StoreTask<RocksEventStore<Sample>> task = new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog);
        task.open(change.apply(EventStores.builder("samples", Sample.definition())));
        return task;
    }

    private static void reopen(
            StoreTask<RocksEventStore<Sample>> task,
            boolean diskLost,
            UnaryOperator<EventStoreBuilder<Sample>> change) {
        task.close();
        if (diskLost) {
            task.loseDisk();
        }
        task.open(change.apply(EventStores.builder("samples", Sample.definition())));
        task.restore(3);
    }

    private static void put(StoreTask<RocksEventStore<Sample>> task, long from, long to) {
        for (long timestamp = from; timestamp < to; timestamp++) {
            Sample sample = sample(timestamp);
            task.process(() -> assertThat(task.store().put(sample)).isTrue());
        }
    }

    private static void commit(StoreTask<RocksEventStore<Sample>> task) {
        task.prepareCommit();
        task.commitTransaction();
        task.postCommit(true);
    }

    private static List<Long> timestamps(StoreTask<RocksEventStore<Sample>> task) {
        return task.store().query(EventQuery.<Sample>all()).events().stream()
                .map(Sample::timestampNanos)
                .toList();
    }

    private static Sample sample(long timestamp) {
        return Sample.of("id" + timestamp, timestamp).withProcess("p" + timestamp % 3);
    }
}
