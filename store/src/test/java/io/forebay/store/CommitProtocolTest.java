package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.store.CrashAt.Crash;
import io.forebay.store.CrashPoints.Moment;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The corners of the commit protocol, one by one: what Kafka Streams may call, in orders that are rare. */
class CommitProtocolTest {

    private static final Sample A = Sample.of("a", 1);
    private static final Sample B = Sample.of("b", 2);
    private static final Sample C = Sample.of("c", 3);

    private final File directory = Path.of("target", "state", "protocol-" + Long.toString(System.nanoTime(), 36))
            .toFile();
    private final MemoryChangelog changelog = new MemoryChangelog();
    private final CrashAt crashAt = new CrashAt();
    private StoreTask<RocksEventStore<Sample>> task = task(StreamsConfig.EXACTLY_ONCE_V2);

    @AfterEach
    void delete() throws Exception {
        task.close();
        Utils.delete(directory);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aCrashAtAnyMomentLeavesWhatWasCommitted(Moment moment) {
        open();
        commit(A);
        commit(B);
        crashAt.arm(moment, 1);
        try {
            commit(C);
            commit(Sample.of("d", 4));
            task.process(() -> {});
            task.prepareCommit();
            task.postCommit(true);
        } catch (Crash e) {
            // as it should
        }
        crashAt.disarm();
        List<Sample> committed = List.copyOf(changelog.samples().values());
        task.abortTransaction();
        task.close();
        open();
        assertThat(stored())
                .containsExactlyInAnyOrderElementsOf(
                        changelog.samples(task.restoredOffset()).values());
        task.restore(10);
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(committed);
    }

    /** Another task's failure has Kafka Streams prepare the same commit twice; that an action puts something again proves nothing. */
    @Test
    void whatActionsPutIsNoProofThatACommitSucceeded() {
        open();
        task.store().beforeCommit(() -> task.store().put(C));
        task.process(() -> task.store().put(A));
        task.prepareCommit();
        task.prepareCommit();
        assertThat(stored()).containsExactly(A, C);
        task.abortTransaction();
        task.close();
        open();
        assertThat(stored()).as("never committed").isEmpty();
    }

    @Test
    void whatWasPreparedTwiceIsCommittedAsAWhole() {
        open();
        Runnable undo = task.store().beforeCommit(() -> task.store().put(C));
        task.process(() -> task.store().put(A));
        task.prepareCommit();
        task.prepareCommit();
        task.commitTransaction();
        undo.run();
        commit(B); // proves it
        task.close();
        open();
        assertThat(stored()).as("on disk").containsExactly(A, C);
        task.restore(10);
        assertThat(stored()).containsExactly(A, B, C);
    }

    /** At-least-once, a commit of offsets that times out is simply tried again with what has come since. */
    @Test
    void aCommitThatTimesOutIsMadeUpForByTheNext() {
        task = task(StreamsConfig.AT_LEAST_ONCE);
        open();
        task.process(() -> task.store().put(A));
        task.prepareCommit();
        task.process(() -> task.store().put(B));
        task.commit();
        task.close();
        open();
        assertThat(stored()).containsExactly(A, B);
        assertThat(task.restoredOffset()).isEqualTo(changelog.after(null).get(1).offset());
    }

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void anUnknownOffsetChangesNothing(String guarantee) {
        task = task(guarantee);
        open();
        task.postCommit(true);
        commit(A);
        task.postCommit(true);
        Long offset = task.store().committedOffset(MemoryChangelog.PARTITION);
        task.store().commit(Map.of(MemoryChangelog.PARTITION, StoreMeta.OFFSET_UNKNOWN));
        assertThat(task.store().committedOffset(MemoryChangelog.PARTITION))
                .isEqualTo(offset)
                .isNotNull();
        assertThat(task.store().committedOffset(new TopicPartition("other", 0))).isNull();
        assertThat(stored()).containsExactly(A);
    }

    /** Offsets move on although nothing was put: a standby's, or those of a restore. */
    @Test
    void anOffsetIsKeptWithoutNewRecords() {
        open();
        commit(A);
        task.postCommit(true);
        task.store().commit(Map.of(MemoryChangelog.PARTITION, 42L));
        task.close();
        open();
        assertThat(task.restoredOffset()).isEqualTo(42);
        assertThat(stored()).containsExactly(A);
    }

    /** At-least-once, Kafka Streams does not wipe a store whose changelog was truncated beyond its offset. */
    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void whatAForgottenChangelogHadDoesNotStay(String guarantee) {
        task = task(guarantee);
        open();
        commit(A);
        task.postCommit(true);
        commit(B);
        changelog.truncate(changelog.nextOffset() - 2); // and with it perhaps the news that A is deleted
        task.markCorrupted();
        task.close();
        open();
        task.restore(10);
        assertThat(stored()).containsExactly(B);
    }

    @Test
    void aFailedWriteFailsTheNextCommitAndNothingAfterItIsWritten() {
        open();
        commit(A);
        crashAt.fail(Moment.WRITING);
        commit(B);
        assertThat(stored()).as("still in memory").containsExactly(A, B);
        task.process(() -> task.store().put(C));
        assertThatExceptionOfType(Crash.class).isThrownBy(task::prepareCommit);
        crashAt.disarm();
        assertThatExceptionOfType(Crash.class).as("it is not forgotten").isThrownBy(task::prepareCommit);
        task.abortTransaction();
        task.close();
        open();
        assertThat(stored()).isEmpty();
        task.restore(10);
        assertThat(stored()).containsExactly(A, B);
    }

    /** Its last write is lost, so it must not go on from the offset after it. */
    @Test
    void aFailedWriteFailsTheStandbyThatTheTaskTurnsInto() {
        open();
        commit(A);
        crashAt.arm(Moment.WRITING, 1);
        task.postCommit(true);
        task.recycle();
        crashAt.disarm();
        assertThatExceptionOfType(Crash.class).isThrownBy(() -> task.postCommit(false));
    }

    /** Kafka Streams closes a corrupted task and starts the same store object again. */
    @Test
    void aStoreThatIsOpenedAgainHasForgottenTheFailure() {
        open();
        commit(A);
        crashAt.fail(Moment.WRITING);
        commit(B);
        task.process(() -> task.store().put(C));
        assertThatExceptionOfType(Crash.class).isThrownBy(task::prepareCommit);
        crashAt.disarm();
        task.abortTransaction();
        task.revive();
        task.restore(10);
        assertThat(stored()).containsExactly(A, B);
        commit(C);
        task.postCommit(true);
        assertThat(stored()).containsExactly(A, B, C);
    }

    @Test
    void aTaskThatTurnsIntoAStandbyAndBackGoesOn() {
        open();
        commit(A);
        task.postCommit(true);
        task.recycle();
        assertThat(stored()).containsExactly(A);
        task.postCommit(false);
        task.recycle();
        commit(B);
        commit(C);
        task.close();
        open();
        assertThat(stored()).as("on disk").containsExactly(A, B);
        task.restore(10);
        assertThat(stored()).containsExactly(A, B, C);
    }

    /** At-least-once, Kafka Streams commits a task whose preparation has failed, as it does others, when it closes them. */
    @Test
    void theOffsetIsNotThatOfASetThatIsPartlyLogged() {
        task = task(StreamsConfig.AT_LEAST_ONCE);
        open();
        commit(A);
        Long offsetOfA = task.store().committedOffset(MemoryChangelog.PARTITION); // once it is written
        task.process(() -> task.store().put(B));
        task.process(() -> task.store().put(C));
        crashAt.arm(Moment.LOGGING, 2);
        assertThatExceptionOfType(Crash.class).isThrownBy(task::prepareCommit);
        crashAt.disarm();
        task.commitTransaction();
        task.postCommit(true);
        assertThat(task.store().committedOffset(MemoryChangelog.PARTITION)).isEqualTo(offsetOfA);
        task.close();
        open();
        assertThat(stored()).as("on disk").containsExactly(A);
        task.restore(10);
        assertThat(stored()).containsExactly(A, B);
    }

    @Test
    void promisesAPositionOnlyWithEverythingBeforeIt() {
        open();
        task.process(() -> task.store().put(A));
        task.process(() -> task.store().put(B));
        task.commit();
        task.close();
        task.loseDisk();
        open();
        task.restoreNext(1);
        assertThat(task.storeOffset()).isEqualTo(StoreTask.NO_INPUT);
        task.restoreNext(1);
        assertThat(task.storeOffset()).isEqualTo(1);
        task.close();
        open();
        assertThat(task.storeOffset()).as("on disk").isEqualTo(1);
    }

    /** Exactly-once, what was committed last is still in memory; it must not keep the store from asking again. */
    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void asksForACommitWheneverMemoryIsFull(String guarantee) {
        task = task(guarantee);
        task.open(EventStores.builder("samples", Sample.definition()).maxUncommittedBytes(20_000));
        for (int commit = 1; commit <= 5; commit++) {
            int asked = commit - 1;
            for (int i = 0; task.commitRequests() == asked; i++) {
                Sample sample = Sample.of("id" + commit + "." + i, i);
                task.process(() -> task.store().put(sample));
                assertThat(task.store().stats().uncommittedBytes()).isLessThan(31_000);
            }
            task.commit();
        }
    }

    private StoreTask<RocksEventStore<Sample>> task(String guarantee) {
        return new StoreTask<>(directory, guarantee, changelog);
    }

    private void open() {
        task.open(EventStores.builder("samples", Sample.definition()).crashPoints(crashAt));
    }

    private void commit(Sample sample) {
        task.process(() -> task.store().put(sample));
        task.commit();
    }

    private List<Sample> stored() {
        return task.store().query(EventQuery.all()).events();
    }
}
