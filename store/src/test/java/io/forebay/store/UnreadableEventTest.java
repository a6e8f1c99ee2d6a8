package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stored event that an extractor, or the serde, does not understand any more. */
class UnreadableEventTest {

    @TempDir
    File directory;

    private final MemoryChangelog changelog = new MemoryChangelog();
    private final AtomicBoolean changed = new AtomicBoolean();
    private StoreTask<RocksEventStore<Sample>> task;

    @BeforeEach
    void storeThreeAndForgetHowToReadOne() {
        task = new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog);
        open();
        for (String id : new String[] {"bad", "other", "third"}) {
            commit(() -> task.store().put(Sample.of(id, 1).withProcess("p")));
        }
        commit(() -> task.store().put(Sample.of("later", 2).withProcess("p"))); // so that the others are in RocksDB
        changed.set(true);
    }

    @AfterEach
    void close() {
        task.close();
    }

    @Test
    void canBeDeletedWithAllItsIndexRows() {
        commit(() -> task.store().delete("bad"));
        commit(() -> task.store().put(Sample.of("later", 3).withProcess("p")));
        commit(() -> task.store().delete("later"));
        commit(() -> task.store().put(Sample.of("last", 4)));
        assertThat(task.store().contains("bad")).isFalse();
        assertThat(countByProcess("p")).isEqualTo(2);
        assertThat(task.store().query(EventQuery.all()).events())
                .extracting(Sample::id)
                .containsExactly("other", "third", "last");
        assertThat(task.store().stats().total()).isEqualTo(3);
    }

    /** At the same place in time some of its rows stay, of which the store has to know. */
    @Test
    void canBeReplaced() {
        changed.set(false);
        PreparedEvent<Sample> moved = task.store().prepare(Sample.of("bad", 5).withProcess("p"));
        PreparedEvent<Sample> same = task.store().prepare(Sample.of("bad", 1).withProcess("p"));
        PreparedEvent<Sample> other = task.store().prepare(Sample.of("bad", 1).withProcess("q"));
        changed.set(true);
        replace(same, 4, 0);
        replace(other, 3, 1);
        replace(moved, 4, 0);
    }

    private void replace(PreparedEvent<Sample> replacement, long p, long q) {
        commit(() -> task.store().put(replacement));
        commit(() -> task.store().put(Sample.of("aside", 9)));
        assertThat(task.store().committedOffset(MemoryChangelog.PARTITION))
                .as("everything is written")
                .isNotNull();
        assertThat(countByProcess("p")).isEqualTo(p);
        assertThat(countByProcess("q")).isEqualTo(q);
    }

    @Test
    void isNotRestoredIfItIsDeletedFurtherOn() {
        commit(() -> task.store().delete("bad"));
        loseDisk();
        task.restore(1_000);
        assertThat(task.store().stats().total()).isEqualTo(3);
        assertThat(countByProcess("p")).isEqualTo(3);
    }

    @Test
    void failsRestoringWithWhatItIsAndWhereAndWhatToDo() {
        loseDisk();
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> task.restore(1_000))
                .withMessageContainingAll(
                        "'samples'",
                        "'bad'",
                        "offset 0 of app-samples-changelog-0",
                        "'process'",
                        "kaboom",
                        "understand every event");
    }

    @Test
    void theFloorIsNamedAsWell() {
        commit(() -> task.store().deleteBefore(Timestamps.toInstant(2)));
        changelog.append(Floor.key(), new byte[] {9, 9}, 0, new RecordHeaders());
        changelog.commit();
        loseDisk();
        changed.set(false);
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> task.restore(1_000))
                .withMessageContainingAll("'samples'", "what is deleted", "format 9");
    }

    private long countByProcess(String process) {
        return task.store().count(EventQuery.<Sample>all().equal("process", process));
    }

    private void loseDisk() {
        task.close();
        task.loseDisk();
        open();
    }

    private void open() {
        EventIndex<Sample> index = EventIndex.ofString("process", sample -> {
            if (changed.get() && sample.id().equals("bad")) {
                throw new IllegalStateException("kaboom");
            }
            return sample.process();
        });
        task.open(EventStores.builder("samples", Sample.definition(index, Sample.TAG)));
    }

    private void commit(Runnable action) {
        task.process(action);
        task.commit();
    }
}
