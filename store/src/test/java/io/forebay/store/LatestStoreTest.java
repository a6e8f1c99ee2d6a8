package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.forebay.store.EventDatabase.Table;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksIterator;

/** What a latest store does, one thing at a time; {@link LatestStoreCrashModelTest} does everything at once. */
class LatestStoreTest {

    private static final EventIndex<String> FIRST = EventIndex.ofString("first", value -> value.substring(0, 1));
    private static final EventIndex<String> BOTH =
            EventIndex.composite("both", FIRST, EventIndex.ofLong("length", value -> (long) value.length()));
    private static final LatestDefinition<String, String> DEFINITION = LatestDefinition.builder(
                    Serdes.String(), Serdes.String())
            .index(FIRST)
            .index(BOTH)
            .build();

    private final File directory = Path.of("target", "state", "latest-" + Long.toString(System.nanoTime(), 36))
            .toFile();
    private final MemoryChangelog changelog = new MemoryChangelog();
    private StoreTask<RocksLatestStore<String, String>> task = task(StreamsConfig.EXACTLY_ONCE_V2);

    @AfterEach
    void delete() throws Exception {
        task.close();
        Utils.delete(directory);
    }

    @Test
    void keepsWhatCameWithTheNewestUpdate() {
        open(store -> store);
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", "t".getBytes(StandardCharsets.UTF_8));
        headers.add("nothing", null);
        task.process(() -> {
            PreparedUpdate<String, String> update = store().prepare("a", "value", 7, 4711, headers);
            headers.add("later", new byte[0]);
            store().putNewer(update);
        });
        for (int i = 0; i < 3; i++) {
            Versioned<String, String> found = store().get("a").orElseThrow();
            assertThat(found.value()).isEqualTo("value");
            assertThat(found.version()).isEqualTo(7);
            assertThat(found.timestampMs()).isEqualTo(4711);
            assertThat(found.headers().toArray())
                    .extracting(header -> header.key())
                    .containsExactly("trace", "nothing");
            assertThat(found.headers().lastHeader("nothing").value()).isNull();
            commit("b", "any", i); // moves "a" from one set to the next, and to disk
        }
    }

    @Test
    void aKeyMayComeTwiceInABatch() {
        open(LatestStoreBuilder::withOutbox);
        commit("b", "old", 5);
        task.process(() -> {
            List<PreparedUpdate<String, String>> batch = List.of(
                    update(store(), "a", "three", 3),
                    update(store(), "b", "seven", 7),
                    update(store(), "a", "two", 2),
                    update(store(), "a", "four", 4),
                    update(store(), "b", "six", 6));
            assertThat(store().putNewer(batch)).containsExactly(batch.get(2), batch.get(4));
        });
        assertThat(store().get("a").map(Versioned::value)).contains("four");
        assertThat(store().get("b").map(Versioned::value)).contains("seven");
        assertThat(store().count()).isEqualTo(2);
    }

    /** However many updates there are, a commit writes and logs one row for each key. */
    @Test
    void aCommitCostsOneRowForEachKey() {
        task.open(LatestStores.builder("samples", LatestDefinition.of(Serdes.String(), Serdes.String())));
        for (int i = 0; i < 2_000; i++) {
            put("k" + i % 10, "value", i);
        }
        assertThat(store().stats().uncommitted()).isEqualTo(10);
        task.commit();
        assertThat(changelog.after(null)).hasSize(10);
    }

    @Test
    void findsByIndex() {
        open(store -> store);
        put("k1", "ax", 1);
        put("k2", "bx", 2);
        put("k3", "axx", 3);
        task.commit();
        put("k4", "ay", 4);
        put("k2", "az", 5);
        put("k3", null, 6);
        for (int i = 0; i < 3; i++) {
            assertThat(keys(LatestByIndexQuery.of("first", "a"))).containsExactly("k1", "k2", "k4");
            assertThat(keys(LatestByIndexQuery.<String, String>of("first", "a").limit(2)))
                    .containsExactly("k1", "k2");
            assertThat(keys(LatestByIndexQuery.of("first", "b"))).isEmpty();
            assertThat(keys(LatestByIndexQuery.of("both", "a"))).containsExactly("k1", "k2", "k4");
            assertThat(keys(LatestByIndexQuery.of("both", "a", 2L))).containsExactly("k1", "k2", "k4");
            assertThat(keys(LatestByIndexQuery.of("both", "a", 3L))).isEmpty();
            commit("other", "other", i);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().query(LatestByIndexQuery.of("none", "a")))
                .withMessageContaining("there is no index 'none'; the indexes are [first, both]");
        assertThatIllegalArgumentException().isThrownBy(() -> LatestByIndexQuery.of("first"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LatestByIndexQuery.of("first", "a").limit(0));
    }

    @Test
    void seesOnlyWhatIsCommittedIfToldSo() {
        open(store -> store);
        commit("k1", "ax", 1);
        put("k2", "ay", 2);
        task.prepareCommit();
        LatestByIndexQuery<String, String> query = LatestByIndexQuery.of("first", "a");
        assertThat(keys(query)).containsExactly("k1", "k2");
        assertThat(keys(query.isolation(IsolationLevel.READ_COMMITTED))).containsExactly("k1");
        assertThat(store().get(new LatestByKeyQuery<>("k2", IsolationLevel.READ_COMMITTED)))
                .isEmpty();
    }

    @Test
    void scansInTheOrderOfKeys() {
        open(store -> store);
        commit("b", "v", 1);
        commit("d", "v", 2);
        commit("f", "v", 3);
        put("c", "v", 4);
        put("d", null, 5);
        assertThat(scan(null, null)).containsExactly("b", "c", "f");
        assertThat(scan("c", "f")).containsExactly("c", "f");
        assertThat(scan("c", "e")).containsExactly("c");
        assertThat(store().getAll(List.of("f", "none", "d", "b", "f")))
                .extracting(Versioned::key)
                .containsExactly("f", "b");
    }

    @Test
    void answersInteractiveQueries() {
        open(store -> store);
        commit("a", "value", 1);
        assertThat(ask(new LatestByKeyQuery<String, String>("a")).map(Versioned::value))
                .contains("value");
        assertThat(ask(LatestByIndexQuery.<String, String>of("first", "v"))).hasSize(1);
        assertThat(ask(new LatestCountQuery())).isEqualTo(1L);
        assertThat(ask(new LatestStatsQuery()).total()).isEqualTo(1);
        QueryResult<EventStoreStats> unknown = result(new EventStatsQuery(), PositionBound.unbounded());
        assertThat(unknown.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
        assertThat(unknown.getFailureMessage()).contains("latest store 'samples' does not answer");
        Position seen = Position.emptyPosition().withComponent(StoreTask.INPUT, 0, task.inputOffset());
        assertThat(result(new LatestCountQuery(), PositionBound.at(seen)).isSuccess())
                .isTrue();
        Position unseen = Position.emptyPosition().withComponent(StoreTask.INPUT, 0, task.inputOffset() + 1);
        assertThat(result(new LatestCountQuery(), PositionBound.at(unseen)).getFailureReason())
                .isEqualTo(FailureReason.NOT_UP_TO_BOUND);
        RocksLatestStore<String, String> closed = store();
        task.close();
        assertThatExceptionOfType(InvalidStateStoreException.class)
                .isThrownBy(() -> closed.get("a"))
                .withMessageContaining("latest store 'samples' is not open");
    }

    @Test
    void anUpdateThatCannotBeStoredIsRefusedBeforeItIsPut() {
        LatestDefinition<byte[], String> definition = LatestDefinition.builder(Serdes.ByteArray(), Serdes.String())
                .index(EventIndex.<String>ofLong("number", Long::valueOf))
                .maxUpdateBytes(20)
                .build();
        StoreTask<RocksLatestStore<byte[], String>> binary =
                new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog);
        binary.open(LatestStores.builder("samples", definition));
        assertInvalid(binary.store(), new byte[] {1}, "x", "has no usable value for index 'number'");
        assertInvalid(binary.store(), new byte[] {1}, "1".repeat(20), "is 21 bytes, more than maxUpdateBytes=20");
        assertInvalid(binary.store(), OutboxMarker.key(), "1", "has the one key that the store keeps for itself");
        binary.close();
    }

    private static void assertInvalid(LatestStore<byte[], String> store, byte[] key, String value, String message) {
        assertThatExceptionOfType(InvalidUpdateException.class)
                .isThrownBy(() -> store.prepare(key, value, 1, 0, new RecordHeaders()))
                .withMessageContaining(Arrays.toString(key) + "' " + message);
    }

    @Test
    void asksForACommitWhenMemoryIsFull() {
        open(store -> store.maxUncommittedBytes(30_000));
        for (int i = 0; i < 1_000; i++) {
            put("k1", "always the same key", i);
        }
        assertThat(task.commitRequests()).isZero();
        for (int i = 0; task.commitRequests() == 0; i++) {
            put("k" + i, "another key", 10_000 + i);
        }
        assertThat(store().stats().uncommittedBytes()).isBetween(15_000L, 16_000L);
    }

    // ---- outbox

    @Test
    void thereIsNothingToEmitWithoutAnOutbox() {
        open(store -> store);
        assertThatIllegalStateException()
                .isThrownBy(() -> store().emit(emission -> {}))
                .withMessageContaining("'samples' has no outbox");
    }

    @Test
    void whatCannotBeEmittedStaysPending() {
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        put("b", "value", 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> store().emit(emission -> {
                    throw new IllegalStateException("downstream");
                }));
        assertThat(emit()).containsExactly("a", "b");
        assertThat(emit()).isEmpty();
    }

    /** The transaction has both, what was emitted and that it was. */
    @Test
    void exactlyOnceTheMarkerIsCommittedWithWhatWasEmitted() {
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        emit();
        task.commit();
        assertThat(markers()).hasSize(1);
        task.close();
        task.loseDisk();
        open(LatestStoreBuilder::withOutbox);
        task.restore(10);
        assertThat(emit()).isEmpty();
    }

    /** The changelog must not have the marker before the output is safe: what was emitted before a crash comes again. */
    @Test
    void atLeastOnceTheMarkerIsLoggedOneCommitLater() {
        task = task(StreamsConfig.AT_LEAST_ONCE);
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        emit();
        task.prepareCommit(); // and the process dies before the producer is flushed
        assertThat(markers()).isEmpty();
        task.abortTransaction();
        task.close();
        open(LatestStoreBuilder::withOutbox);
        task.restore(10);
        assertThat(emit()).containsExactly("a");
        task.commit();
        assertThat(markers()).as("not yet").isEmpty();
        task.commit();
        assertThat(markers()).as("now").hasSize(1);
        task.commit();
        assertThat(markers()).as("once").hasSize(1);
        task.close();
        task.loseDisk();
        open(LatestStoreBuilder::withOutbox);
        task.restore(10);
        assertThat(emit()).isEmpty();
    }

    /** A producer that fails while a commit is prepared has it prepared again: no proof that anything has arrived. */
    @Test
    void whatTheProducerLostComesAgain() {
        for (boolean logged : new boolean[] {true, false}) {
            task.close();
            task = task(StreamsConfig.AT_LEAST_ONCE);
            UnaryOperator<LatestStoreBuilder<String, String>> options =
                    store -> logged ? store.withOutbox() : store.withOutbox().withLoggingDisabled();
            open(options);
            restore(logged);
            put("a", "value", System.nanoTime());
            emit();
            task.prepareCommit();
            task.prepareCommit();
            task.commitTransaction(); // of the changelog's records, at-least-once
            assertThat(markers()).isEmpty();
            task.close();
            open(options);
            restore(logged);
            assertThat(emit()).as("logged %s", logged).containsExactly("a");
        }
    }

    /** What has been emitted is not emitted again after an orderly end, unless only the disk could know it. */
    @Test
    void anOrderlyEndRemembersWhatWasEmitted() {
        for (String guarantee : List.of(StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2)) {
            for (boolean logged : new boolean[] {true, false}) {
                task.close();
                task = task(guarantee);
                UnaryOperator<LatestStoreBuilder<String, String>> options = store ->
                        logged ? store.withOutbox() : store.withOutbox().withLoggingDisabled();
                open(options);
                restore(logged);
                put("a", "value", System.nanoTime());
                task.commit(); // durable, and pending
                emit();
                task.prepareCommit();
                task.commitTransaction();
                task.postCommit(true);
                task.close();
                open(options);
                restore(logged);
                assertThat(emit()).as("%s, logged %s", guarantee, logged).hasSize(logged ? 0 : 1);
            }
        }
    }

    /**
     * At-least-once, an instance that was active knows from its disk that something was emitted which the changelog does not say yet. Another
     * instance goes on from the changelog; what it puts must not look emitted to the first one when it comes back.
     */
    @Test
    void whatOnlyTheDiskKnowsToBeEmittedHidesNothingThatIsPutElsewhere() {
        task = task(StreamsConfig.AT_LEAST_ONCE);
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        for (int i = 0; i < 3; i++) { // epochs go by
            put("b", "value", i);
            task.commit();
            emit();
        }
        task.commit();
        task.postCommit(true);
        task.recycle();

        File elsewhere = new File(directory, "elsewhere");
        StoreTask<RocksLatestStore<String, String>> other =
                new StoreTask<>(elsewhere, StreamsConfig.AT_LEAST_ONCE, changelog);
        other.open(builder(LatestStoreBuilder::withOutbox));
        other.restore(100);
        other.process(() -> other.store().putNewer(update(other.store(), "c", "value", 1)));
        other.commit();
        other.close();

        task.restore(100);
        task.recycle();
        assertThat(emit()).contains("c");
    }

    // ---- tombstones

    @Test
    void anExpiredTombstoneLeavesNothingBehind() {
        open(store -> store.tombstoneRetention(Duration.ofMillis(100)));
        putAt("a", "value", 1, 1_000);
        putAt("a", null, 2, 1_000);
        task.commit();
        putAt("b", "value", 1, 1_099);
        task.commit();
        awaitWritten();
        assertThat(changelog.after(null)).as("not due yet").noneMatch(record -> record.value() == null);
        putAt("b", "value", 2, 1_100);
        task.commit();
        ConsumerRecord<byte[], byte[]> last = changelog.after(null).stream()
                .filter(record -> Arrays.equals(record.key(), new byte[] {'a'}))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(last.value()).isNull();
        putAt("b", "value", 3, 1_100);
        task.commit();
        task.postCommit(true);
        task.close();
        assertThat(rows(Table.LATEST)).isEqualTo(1);
        assertThat(rows(Table.QUEUES)).isZero();
        assertThat(rows(Table.INDEX)).as("two indexes").isEqualTo(2);
    }

    @Test
    void aTombstoneThatWasReplacedDoesNotTakeItsReplacementAlong() {
        open(store -> store.tombstoneRetention(Duration.ofMillis(100)));
        putAt("a", null, 2, 1_000);
        task.commit();
        putAt("a", "back", 3, 1_001);
        task.commit();
        for (int i = 0; i < 4; i++) {
            putAt("b", "value", i, 5_000);
            task.commit();
            awaitWritten();
        }
        assertThat(store().get("a").map(Versioned::value)).contains("back");
        assertThat(store().count()).isEqualTo(2);
    }

    @Test
    void aPendingTombstoneDoesNotExpire() {
        open(store -> store.withOutbox().tombstoneRetention(Duration.ofMillis(100)));
        putAt("a", null, 2, 1_000);
        for (int i = 0; i < 4; i++) {
            putAt("b", "value", i, 5_000);
            task.commit();
            awaitWritten();
        }
        assertThat(emit()).containsExactly("a", "b");
    }

    // ---- formats

    @Test
    void refusesRowsOfAnotherFormat() {
        byte[] row = new LatestRow(1, 2, 3, 4, new byte[0], false, new byte[] {5}).write();
        assertThat(LatestRow.read(row).value()).containsExactly(5);
        row[0] = 9;
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> LatestRow.read(row))
                .withMessageContaining("format 9");
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> LatestRow.read(new byte[] {1, 0}))
                .withMessageContaining("2 bytes");
    }

    @Test
    void doesNotOpenAnEventStore() {
        StoreTask<RocksEventStore<Sample>> events = new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, changelog);
        events.open(EventStores.builder("samples", Sample.definition()));
        events.close();
        task = task(StreamsConfig.AT_LEAST_ONCE);
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> open(store -> store))
                .withMessageContaining("cannot open the latest store in");
    }

    private StoreTask<RocksLatestStore<String, String>> task(String guarantee) {
        return new StoreTask<>(directory, guarantee, changelog);
    }

    /** Kafka Streams restores only what is logged. */
    private void restore(boolean logged) {
        if (logged) {
            task.restore(10);
        }
    }

    private void open(UnaryOperator<LatestStoreBuilder<String, String>> options) {
        task.open(builder(options));
    }

    private static LatestStoreBuilder<String, String> builder(
            UnaryOperator<LatestStoreBuilder<String, String>> options) {
        return options.apply(LatestStores.builder("samples", DEFINITION));
    }

    private RocksLatestStore<String, String> store() {
        return task.store();
    }

    private void put(String key, @Nullable String value, long version) {
        putAt(key, value, version, 0);
    }

    private void putAt(String key, @Nullable String value, long version, long timestampMs) {
        task.process(() -> store().putNewer(store().prepare(key, value, version, timestampMs, new RecordHeaders())));
    }

    private static PreparedUpdate<String, String> update(
            LatestStore<String, String> store, String key, String value, long version) {
        return store.prepare(key, value, version, 0, new RecordHeaders());
    }

    private void commit(String key, @Nullable String value, long version) {
        put(key, value, version);
        task.commit();
    }

    /** Tombstones are looked for in RocksDB, which is written in the background. */
    private void awaitWritten() {
        store().committedOffset(MemoryChangelog.PARTITION);
    }

    private List<String> emit() {
        List<String> keys = new ArrayList<>();
        task.process(() -> store().emit(emission -> keys.add(emission.key())));
        keys.sort(null);
        return keys;
    }

    private List<ConsumerRecord<byte[], byte[]>> markers() {
        return changelog.after(null).stream()
                .filter(record -> OutboxMarker.isKey(record.key()))
                .toList();
    }

    private List<String> keys(LatestByIndexQuery<String, String> query) {
        return store().query(query).stream().map(Versioned::key).toList();
    }

    private List<String> scan(@Nullable String from, @Nullable String to) {
        List<String> keys = new ArrayList<>();
        try (EventIterator<Versioned<String, String>> found = store().scan(from, to)) {
            found.forEachRemaining(versioned -> keys.add(versioned.key()));
        }
        return keys;
    }

    private <R> R ask(Query<R> query) {
        return Optional.ofNullable(result(query, PositionBound.unbounded()).getResult())
                .orElseThrow();
    }

    private <R> QueryResult<R> result(Query<R> query, PositionBound bound) {
        return store().query(query, bound, new QueryConfig(false));
    }

    private long rows(Table table) {
        RocksSettings settings =
                new RocksSettings(StoreKind.LATEST, "samples", true, StoreMemory.shared(), options -> {});
        File store = directory
                .toPath()
                .resolve(Path.of("app", "0_0", "forebay", "samples"))
                .toFile();
        long count = 0;
        try (EventDatabase database = EventDatabase.open(store, settings);
                DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(table);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
        }
        return count;
    }
}
