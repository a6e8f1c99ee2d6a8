package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.forebay.store.internal.streams.HandDrivenTask;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At-least-once, nothing is logged before its commit is prepared: this is what would go wrong. */
class NotLoggedAheadTest {

    private static final Sample A = Sample.of("a", 1);
    private static final Sample B = Sample.of("b", 2);
    private static final Sample C = Sample.of("c", 3);

    private final File directory = Path.of("target", "state", "not-ahead-" + Long.toString(System.nanoTime(), 36))
            .toFile();
    private final MemoryChangelog changelog = new MemoryChangelog();
    private final StoreTask<RocksEventStore<Sample>> task =
            new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, changelog);

    @AfterEach
    void delete() throws Exception {
        task.close();
        Utils.delete(directory);
    }

    /**
     * TaskManager.tryCloseCleanActiveTasks, at-least-once: a task whose preparation has failed is told postCommit(true) like the others. The
     * offset it is told is that of what was logged ahead, and RocksDB does not have that.
     */
    @Test
    void anOffsetIsNotTakenForWhatIsOnlyLogged() {
        EventStoreBuilder<Sample> builder =
                EventStores.builder("samples", Sample.definition()).loggedTogether(1);
        task.open(builder);
        task.process(() -> task.store().put(A));
        task.commit();
        Runnable undo = task.store().beforeCommit(() -> {
            throw new IllegalStateException("downstream");
        });
        task.process(() -> task.store().put(B));
        task.process(() -> task.store().delete("a"));
        task.process(() -> task.store().put(C));
        assertThatIllegalStateException().isThrownBy(task::prepareCommit);
        task.commitTransaction();
        task.postCommit(true);
        undo.run();
        task.close();
        task.open(builder);
        assertThat(stored())
                .as("what the offset says")
                .containsExactlyInAnyOrderElementsOf(
                        changelog.samples(task.restoredOffset()).values());
    }

    /**
     * At-least-once, what is downstream (a BatchWriter, say) has the event in memory when the process dies. It has to come again; but the
     * changelog knows a stream time already that only events after it have made.
     */
    @Test
    void whatWasNotCommittedIsTakenAgainAfterACrash() {
        EventStoreBuilder<Sample> builder = EventStores.builder("samples", Sample.definition())
                .retention(Duration.ofNanos(10))
                .loggedTogether(1);
        task.open(builder);
        List<Sample> input = List.of(Sample.of("x", 100), Sample.of("y", 120), Sample.of("z", 121));
        input.forEach(sample -> task.process(() ->
                assertThat(task.store().put(sample)).as("taken, and forwarded").isTrue()));
        task.abortTransaction(); // at-least-once, what is sent stays
        task.close(); // kill -9, no commit has been prepared
        task.open(builder);
        task.restore(10);
        task.rewind(-1);
        input.forEach(sample -> task.process(() -> assertThat(task.store().put(sample))
                .as("taken again %s", sample)
                .isTrue()));
    }

    /** The same with a processor that forwards what putNewer takes, without an outbox. */
    @Test
    void anUpdateThatWasNotCommittedIsNotStaleAfterACrash() {
        LatestStoreBuilder<String, String> builder = LatestStores.builder(
                        "samples", LatestDefinition.of(Serdes.String(), Serdes.String()))
                .loggedTogether(1);
        try (StoreTask<RocksLatestStore<String, String>> other =
                new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, changelog)) {
            other.open(builder);
            for (String key : List.of("a", "b", "c")) {
                other.process(() -> assertThat(other.store().putNewer(List.of(update(other, key))))
                        .isEmpty());
            }
            other.abortTransaction();
            other.close();
            other.open(builder);
            other.restore(10);
            other.rewind(-1);
            other.process(() -> assertThat(other.store().putNewer(List.of(update(other, "a"))))
                    .as("stale")
                    .isEmpty());
        }
    }

    @Test
    void noListIsKeptOfWhatCouldBeLogged() {
        LatestStoreBuilder<String, String> builder =
                LatestStores.builder("samples", LatestDefinition.of(Serdes.String(), Serdes.String()));
        for (String guarantee : List.of(StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2)) {
            try (StoreTask<RocksLatestStore<String, String>> other = new StoreTask<>(directory, guarantee, changelog)) {
                other.open(builder);
                other.process(() -> other.store().putNewer(List.of(update(other, "a"))));
                assertThat(other.store().active().unlogged())
                        .as(guarantee)
                        .isEqualTo(guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2) ? 1 : 0);
            }
        }
    }

    private static PreparedUpdate<String, String> update(StoreTask<RocksLatestStore<String, String>> of, String key) {
        return of.store().prepare(key, "value", 1, 0, HandDrivenTask.noHeaders());
    }

    private List<Sample> stored() {
        return task.store().query(EventQuery.all()).events();
    }
}
