package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.internal.streams.HandDrivenTask;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes to the changelog before its commit is prepared, and what that leaves to the commit and to a crash. */
class LogAheadTest {

    private static final Sample A = Sample.of("a", 1);
    private static final Sample B = Sample.of("b", 2);
    private static final Sample C = Sample.of("c", 3);

    private final File directory = Path.of("target", "state", "ahead-" + Long.toString(System.nanoTime(), 36))
            .toFile();
    private final MemoryChangelog changelog = new MemoryChangelog();

    /** Together are two changes, of which the last one waits for the next. */
    private final StoreBuilder<?> events =
            EventStores.builder("samples", Sample.definition()).loggedTogether(1);

    private StoreTask<RocksEventStore<Sample>> task =
            new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog);

    @AfterEach
    void delete() throws Exception {
        task.close();
        Utils.delete(directory);
    }

    @Test
    void allButTheLastChangeIsLoggedAheadOnceAndPromisesNoPosition() {
        task.open(events);
        put(A);
        assertThat(changelog.nextOffset()).as("one change is not together").isZero();
        put(B);
        assertThat(changelog.nextOffset()).as("A").isEqualTo(1);
        put(C);
        assertThat(changelog.nextOffset()).as("A, B").isEqualTo(2);
        task.commit();
        assertThat(logged()).containsExactly("a", "b", "c");
        task.close();
        task.loseDisk();
        task.open(events);
        task.restoreNext(2);
        assertThat(task.storeOffset()).as("C is missing").isEqualTo(StoreTask.NO_INPUT);
        task.restoreNext(1);
        assertThat(task.storeOffset()).isEqualTo(2);
    }

    /** The offset is that of the last change of its own, and not of those that are logged ahead right after it. */
    @Test
    void whatIsSealedIsHandedOverWithItsOwnOffsetFirst() {
        task.open(events);
        put(A);
        task.commit();
        long offsetOfA = changelog.nextOffset() - 2;
        put(B);
        assertThat(task.store().uncommitted().sealed()).as("not together yet").isNotNull();
        put(C);
        assertThat(task.store().uncommitted().sealed()).isNull();
        assertThat(changelog.nextOffset()).as("B is logged").isEqualTo(offsetOfA + 3);
        assertThat(task.store().committedOffset(MemoryChangelog.PARTITION)).isEqualTo(offsetOfA);
        task.abortTransaction();
        task.close();
        task.open(events);
        assertThat(stored()).as("on disk").containsExactly(A);
        task.restore(10);
        assertThat(stored()).containsExactly(A);
    }

    /** Kafka Streams may prepare a commit twice: nothing that is put meanwhile proves that the first one succeeded. */
    @Test
    void nothingIsLoggedAheadWhileTheSealedSetIsNotKnownToBeCommitted() {
        task.open(events);
        put(A);
        task.prepareCommit();
        long sealed = changelog.nextOffset();
        task.store().put(B);
        task.store().put(C);
        assertThat(changelog.nextOffset()).isEqualTo(sealed);
        task.prepareCommit();
        task.abortTransaction();
        task.close();
        task.open(events);
        assertThat(stored()).as("never committed").isEmpty();
    }

    /** Nor does a buffer that is emptied for the second attempt, though what it puts comes in another record context. */
    @Test
    void nothingIsLoggedAheadWhileBuffersAreEmptied() {
        task.open(events);
        put(A);
        task.prepareCommit();
        long sealed = changelog.nextOffset();
        Runnable undo = task.store()
                .beforeCommit(() -> task.empty(() -> {
                    task.store().put(B);
                    task.store().put(C);
                    assertThat(changelog.nextOffset()).isEqualTo(sealed);
                }));
        task.prepareCommit();
        undo.run();
        task.abortTransaction();
        task.close();
        task.open(events);
        assertThat(stored()).as("never committed").isEmpty();
    }

    @Test
    void whatFallsBelowTheFloorAfterItWasLoggedIsDeletedInTheChangelog() {
        task.open(events);
        put(A);
        put(B);
        put(C);
        task.process(() -> task.store().deleteBefore(Instant.ofEpochSecond(0, 2)));
        task.commit();
        assertThat(changelog.after(null).stream()
                        .filter(record -> "a".equals(key(record.key())))
                        .map(record -> record.value() == null))
                .containsExactly(false, true);
        assertThat(changelog.samples().values()).containsExactlyInAnyOrder(B, C);
    }

    @Test
    void aRowIsLoggedOnceMoreOnlyIfItIsReplaced() throws Exception {
        StoreBuilder<?> latest = LatestStores.builder("samples", LatestDefinition.of(Serdes.String(), Serdes.String()))
                .loggedTogether(1);
        try (StoreTask<RocksLatestStore<String, String>> other =
                new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog)) {
            other.open(latest);
            putNewer(other, "a", 1);
            putNewer(other, "b", 1);
            putNewer(other, "c", 1);
            assertThat(changelog.nextOffset()).as("a, b").isEqualTo(2);
            putNewer(other, "a", 2);
            putNewer(other, "a", 3);
            other.commit();
            assertThat(logged()).startsWith("a", "b").hasSize(4).containsOnlyOnce("b", "c");
            assertThat(logged().subList(2, 4)).containsExactlyInAnyOrder("a", "c");
            other.close();
            other.loseDisk();
            other.open(latest);
            other.restore(10);
            assertThat(other.store().get("a").orElseThrow().version()).isEqualTo(3);
            assertThat(other.storeOffset()).as("the last one says it all").isEqualTo(4);
        }
    }

    private static void putNewer(StoreTask<RocksLatestStore<String, String>> to, String key, long version) {
        to.process(() -> to.store()
                .putNewer(to.store().prepare(key, "value" + version, version, 0, HandDrivenTask.noHeaders())));
    }

    private void put(Sample sample) {
        task.process(() -> task.store().put(sample));
    }

    private List<String> logged() {
        return changelog.after(null).stream().map(record -> key(record.key())).toList();
    }

    private static String key(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private List<Sample> stored() {
        return task.store().query(EventQuery.all()).events();
    }
}
