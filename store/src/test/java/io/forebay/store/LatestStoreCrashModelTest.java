package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.CrashAt.Crash;
import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.EventDatabase.Table;
import io.forebay.store.LatestModel.Row;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.RocksIterator;

/**
 * The life of a latest store with an outbox as a random sequence: updates new and stale, deletes, emissions, commits that succeed and fail,
 * crashes at every moment of the protocol, restarts, lost disks, turns as a standby, with and without an index. After each step it is
 * compared with a plain model.
 *
 * <p>The worst is assumed of crashes: exactly-once, the transaction takes back what was emitted in it; otherwise the changelog keeps
 * everything that was sent, and all that was emitted and not waited for is lost. After each emission, whoever reads the output must know
 * the newest version of every key; and exactly-once he must have got just what was emitted, once.
 */
class LatestStoreCrashModelTest {

    private static final int KEYS = 15;
    private static final long RETENTION_MS = 300;

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void remainsWhatTheModelIs(String guarantee, boolean logged) throws Exception {
        play(guarantee, logged, 12, 80);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void remainsWhatTheModelIsForLong(String guarantee, boolean logged) throws Exception {
        play(guarantee, logged, 1_000, 100);
    }

    private static void play(String guarantee, boolean logged, int lives, int steps) throws Exception {
        long seed = System.nanoTime();
        File directory =
                Path.of("target", "state", "latest-" + Long.toString(seed, 36)).toFile();
        for (int i = 0; i < lives; i++) {
            try (Life life = new Life(seed + i, guarantee, logged, directory)) {
                life.live(steps);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (seed + i) + ", " + guarantee + ", logged " + logged, e);
            } finally {
                Utils.delete(directory);
            }
        }
    }

    private record Change(String key, @Nullable String value, long version, long timestampMs) {}

    private record Sent(String key, long version, boolean tombstone) {}

    /** One store, from its first opening to its last closing. One method for each thing that may happen to it. */
    private static final class Life implements AutoCloseable {

        private final long seed;
        private final Random random;
        private final boolean exactlyOnce;
        private final boolean logged;
        private final File directory;
        private final MemoryChangelog changelog = new MemoryChangelog();
        private final CrashAt crashAt = new CrashAt();
        private final StoreTask<RocksLatestStore<String, String>> task;
        private final List<String> story = new ArrayList<>();

        private LatestModel model = new LatestModel();
        private LatestModel committed = new LatestModel();
        private LatestModel committedBefore = committed;

        /** What has to be processed again after a crash: one list for each input record. */
        private final List<List<Change>> uncommitted = new ArrayList<>();

        private long committedInput = StoreTask.NO_INPUT;
        private long versions;
        private long timeMs;

        /** What was emitted and may still be lost; and, of what cannot, the newest version of each key. */
        private final List<Sent> unacknowledged = new ArrayList<>();

        private final Map<String, Sent> output = new HashMap<>();
        private boolean indexed;

        Life(long seed, String guarantee, boolean logged, File directory) {
            this.seed = seed;
            this.random = new Random(seed);
            this.exactlyOnce = guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
            this.logged = logged;
            this.directory = directory;
            this.task = new StoreTask<>(directory, guarantee, changelog);
        }

        void live(int steps) {
            reopen();
            try {
                for (int i = 0; i < steps; i++) {
                    step();
                    compare();
                }
                story.add("end");
                emit();
                prepare();
                finish(true);
                assertOutputIsComplete();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("after " + story, e);
            }
        }

        private void step() {
            switch (random.nextInt(26)) {
                case 0 -> told("commit that another task's failure repeats", this::commitAtSecondAttempt);
                case 1 -> told("commit that times out", this::commitThatTimesOut);
                case 2 -> told("crash", this::crash);
                case 3 -> told("clean restart", this::restart);
                case 4 -> told("lost disk", this::loseDisk);
                case 5 -> told("standby", this::beStandby);
                case 6 -> told("suspended and resumed", this::suspendAndResume);
                case 7, 8, 9 -> told("crash at a moment", this::crashAtMoment);
                case 10, 11, 12, 13, 14 -> told("commit", this::commit);
                case 15, 16, 17, 18 -> told("emission", this::emit);
                default -> told("changes", this::change);
            }
        }

        private void told(String what, Runnable happening) {
            story.add(what);
            happening.run();
        }

        // ---- what an application does

        private void change() {
            int batches = random.nextInt(3);
            for (int i = 0; i < batches; i++) {
                List<Change> batch = Stream.generate(this::randomChange)
                        .limit(1 + random.nextInt(6))
                        .toList();
                uncommitted.add(batch);
                apply(batch);
                compare();
            }
        }

        private Change randomChange() {
            String key = "k" + random.nextInt(KEYS);
            timeMs += random.nextInt(20) - 5;
            long version = random.nextInt(4) == 0 ? random.nextLong(versions + 1) : ++versions;
            String value = random.nextInt(5) == 0 ? null : "o" + random.nextInt(3) + "/" + version;
            return new Change(key, value, version, 1_000 + timeMs);
        }

        private void apply(List<Change> batch) {
            task.process(() -> {
                RocksLatestStore<String, String> store = task.store();
                List<PreparedUpdate<String, String>> updates = batch.stream()
                        .map(change -> store.prepare(
                                change.key, change.value, change.version, change.timestampMs, new RecordHeaders()))
                        .toList();
                List<PreparedUpdate<String, String>> stale =
                        random.nextBoolean() ? store.putNewer(updates) : putKnownFirst(store, updates);
                for (int i = 0; i < batch.size(); i++) {
                    applyToModel(batch.get(i), containsSame(stale, updates.get(i)));
                }
            });
        }

        /** As the step does it: what memory can decide goes in at once. Returns the stale ones. */
        private static List<PreparedUpdate<String, String>> putKnownFirst(
                LatestStore<String, String> store, List<PreparedUpdate<String, String>> updates) {
            List<PreparedUpdate<String, String>> stale = new ArrayList<>();
            for (PreparedUpdate<String, String> update :
                    updates) { // one by one: deletes are dated by those before them
                stale.addAll(store.putNewer(store.putNewerOfKnown(List.of(update), stale::add)));
            }
            return stale;
        }

        private static boolean containsSame(
                List<PreparedUpdate<String, String>> stale, PreparedUpdate<String, String> update) {
            return stale.stream().anyMatch(candidate -> candidate == update);
        }

        private void applyToModel(Change change, boolean stale) {
            streamTimeMs = Math.max(streamTimeMs, change.timestampMs);
            Row known = model.row(change.key);
            boolean mayHaveExpired =
                    known != null && known.value() == null && known.deletedAtMs() <= streamTimeMs - RETENTION_MS;
            boolean expected = known != null && known.version() >= change.version;
            if (!mayHaveExpired) {
                assertThat(stale).as("stale: %s after %s", change, known).isEqualTo(expected);
            }
            if (!stale) {
                int pending = known == null || expected ? 0 : known.pendingUpdates();
                model.put(
                        change.key,
                        new Row(change.version, change.value, change.value == null ? streamTimeMs : 0, pending + 1));
            }
        }

        private long streamTimeMs = Long.MIN_VALUE;

        /** Everything pending is emitted, each key once, standing for as many updates as there were. */
        private void emit() {
            Map<String, Integer> emitted = new TreeMap<>();
            task.process(() -> task.store().emit(emission -> {
                assertThat(emitted).doesNotContainKey(emission.key());
                emitted.put(emission.key(), emission.updates());
                Row row = Objects.requireNonNull(model.row(emission.key()));
                assertThat(emission.value()).isEqualTo(row.value());
                assertThat(emission.version()).isEqualTo(row.version());
                unacknowledged.add(new Sent(emission.key(), emission.version(), emission.value() == null));
            }));
            assertThat(emitted).as("emitted").isEqualTo(model.pending());
            model.emitAll();
            uncommitted.add(List.of());
        }

        // ---- commits

        private void commit() {
            prepare();
            finish(false);
        }

        private void prepare() {
            task.prepareCommit();
            if (!exactlyOnce) {
                acknowledge();
            }
        }

        private void acknowledge() {
            for (Sent sent : unacknowledged) {
                Sent before = output.put(sent.key, sent);
                if (before != null && !before.tombstone && exactlyOnce && logged) {
                    assertThat(sent.version).as("emitted after %s", before).isGreaterThan(before.version);
                }
            }
            unacknowledged.clear();
        }

        private void finish(boolean enforceCheckpoint) {
            task.commitTransaction();
            acknowledge();
            if (!model.rows().equals(committed.rows())) {
                committedBefore = committed;
            }
            committed = model.copy();
            committedInput = task.inputOffset();
            uncommitted.clear();
            task.postCommit(enforceCheckpoint);
        }

        private void commitAtSecondAttempt() {
            prepare();
            prepare();
            finish(false);
        }

        /** At-least-once, the task then goes on and commits later; exactly-once, it is closed. */
        private void commitThatTimesOut() {
            prepare();
            if (exactlyOnce) {
                if (!logged) {
                    output.clear(); // the store starts empty
                    committed = new LatestModel();
                }
                task.abortTransaction();
                unacknowledged.clear();
                task.close();
                task.loseDisk();
                goOn();
            } else {
                task.abortTransaction();
            }
        }

        private void suspendAndResume() {
            prepare();
            finish(true);
            task.restore(10);
        }

        // ---- ends and beginnings

        private void restart() {
            prepare();
            finish(true);
            task.close();
            Map<String, Integer> pending = model.pending();
            reopen();
            if (logged) {
                assertThat(model.pending()).as("pending after a clean restart").isEqualTo(pending);
            } else { // what was emitted last may be pending again
                assertThat(model.pending()).as("pending after a clean restart").containsAllEntriesOf(pending);
            }
        }

        private void loseDisk() {
            if (!logged) {
                return;
            }
            task.abortTransaction();
            unacknowledged.clear();
            task.close();
            task.loseDisk();
            goOn();
        }

        private void crash() {
            task.abortTransaction();
            unacknowledged.clear();
            task.close();
            goOn();
        }

        private void crashAtMoment() {
            crashAt.arm(Moment.values()[random.nextInt(Moment.values().length)], 1 + random.nextInt(3));
            try {
                for (int i = 0; i < 4; i++) {
                    change();
                    if (random.nextBoolean()) {
                        emit();
                    }
                    prepare();
                    finish(random.nextInt(4) == 0);
                }
            } catch (Crash e) {
                story.add(e.getMessage());
            }
            crashAt.disarm();
            crash();
        }

        /** Opens again, as a process does that finds what another left behind, and processes again what was not committed. */
        private void goOn() {
            List<List<Change>> again = List.copyOf(uncommitted);
            uncommitted.clear();
            task.rewind(committedInput);
            LatestModel lost = model;
            reopen();
            for (List<Change> batch : again) {
                uncommitted.add(batch);
                apply(batch);
            }
            Map<String, String> before = lost.values();
            if (logged && !again.isEmpty() && noTombstoneIsDue(lost)) {
                assertThat(model.values()).as("processed again").isEqualTo(before);
            }
        }

        private boolean noTombstoneIsDue(LatestModel of) {
            return Stream.of(of, model)
                    .flatMap(some -> some.rows().values().stream())
                    .noneMatch(row -> row.value() == null && row.deletedAtMs() <= streamTimeMs - RETENTION_MS);
        }

        private void reopen() {
            Map<String, LatestRow> onDisk = logged ? Map.of() : rowsOnDisk();
            indexed = random.nextBoolean();
            LatestStoreBuilder<String, String> builder = LatestStores.builder(
                            "samples", LatestModel.definition(indexed))
                    .withOutbox()
                    .tombstoneRetention(Duration.ofMillis(RETENTION_MS))
                    .crashPoints(crashAt);
            task.open(logged ? builder : builder.withLoggingDisabled());
            if (logged) {
                task.restore(1 + random.nextInt(20));
                LatestModel restored = LatestModel.of(changelog.after(null));
                if (exactlyOnce) {
                    assertThat(restored.pending())
                            .as("pending in the changelog")
                            .isEqualTo(committed.pending());
                    assertThat(restored.values()).as("in the changelog").isEqualTo(committed.values());
                } else {
                    // The disk may know better what has been emitted.
                    Map<String, Integer> pending = pendingInStore();
                    assertThat(restored.pending()).containsAllEntriesOf(pending);
                    restored.rows().replaceAll((key, row) -> pending.containsKey(key) ? row : row.emitted());
                }
                model = restored;
            } else {
                model = fromDisk(onDisk);
            }
            committed = model.copy();
            committedBefore = committed;
            compare();
            assertNothingIsForgotten();
        }

        /** Without a changelog, what is on disk is the truth. */
        private LatestModel fromDisk(Map<String, LatestRow> onDisk) {
            LatestModel found = new LatestModel();
            Map<String, Integer> pending = pendingInStore();
            onDisk.forEach((key, row) -> found.put(
                    key,
                    new Row(
                            row.version(),
                            row.tombstone() ? null : new String(row.value(), StandardCharsets.UTF_8),
                            row.tombstone() ? row.deletedAtMs() : 0,
                            pending.getOrDefault(key, 0))));
            return found;
        }

        private Map<String, LatestRow> rowsOnDisk() {
            Map<String, LatestRow> found = new TreeMap<>();
            RocksSettings settings =
                    new RocksSettings(StoreKind.LATEST, "samples", false, StoreMemory.shared(), options -> {});
            try (EventDatabase database = EventDatabase.open(diskOf(directory), settings);
                    DatabaseSnapshot snapshot = database.snapshot()) {
                RocksIterator rows = snapshot.iterator(Table.LATEST);
                for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                    found.put(new String(rows.key(), StandardCharsets.UTF_8), LatestRow.read(rows.value()));
                }
            }
            return found;
        }

        private static File diskOf(File stateDir) {
            return stateDir.toPath()
                    .resolve(Path.of("app", "0_0", "forebay", "samples"))
                    .toFile();
        }

        private Map<String, Integer> pendingInStore() {
            Map<String, Integer> pending = new TreeMap<>();
            task.store().forEachPending(emission -> pending.put(emission.key(), emission.updates()));
            return pending;
        }

        /** What is not pending has been emitted, and cannot be lost any more. */
        private void assertNothingIsForgotten() {
            model.rows().forEach((key, row) -> {
                if (row.pendingUpdates() == 0) {
                    assertThat(output.getOrDefault(key, new Sent(key, -1, false)).version)
                            .as("emitted version of %s, %s", key, row)
                            .isGreaterThanOrEqualTo(row.version());
                }
            });
        }

        private void assertOutputIsComplete() {
            model.rows()
                    .forEach((key, row) -> assertThat(Objects.requireNonNull(output.get(key)).version)
                            .as("last emitted version of %s", key)
                            .isEqualTo(row.version()));
        }

        // ---- as a standby

        private void beStandby() {
            if (!logged) {
                return;
            }
            prepare();
            finish(true);
            task.recycle();
            for (int i = random.nextInt(4); i > 0; i--) {
                elsewhere();
                task.restore(1 + random.nextInt(5));
                model = LatestModel.of(changelog.after(null));
                committed = model.copy();
                compare();
                if (random.nextBoolean()) {
                    task.postCommit(false);
                }
            }
            if (random.nextInt(3) == 0) {
                crash();
            } else {
                task.recycle();
                Map<String, Integer> pending = pendingInStore();
                LatestModel known = LatestModel.of(changelog.after(null));
                assertThat(known.pending()).containsAllEntriesOf(pending);
                if (exactlyOnce) {
                    assertThat(pending).isEqualTo(known.pending());
                }
                model.rows().replaceAll((key, row) -> pending.containsKey(key) ? row : row.emitted());
                committed = model.copy();
            }
            committedBefore = committed;
        }

        /** Another instance has the task, logs what it does, and emits or not. */
        private void elsewhere() {
            long epoch = LatestModel.of(changelog.after(null)).highestEpoch() + 1;
            boolean emits = random.nextBoolean();
            for (int i = random.nextInt(4); i >= 0; i--) {
                Change change = randomChange();
                Row known = LatestModel.of(changelog.after(null)).row(change.key);
                if (known == null || known.version() < change.version) {
                    streamTimeMs = Math.max(streamTimeMs, change.timestampMs);
                    byte[] value = change.value == null ? null : change.value.getBytes(StandardCharsets.UTF_8);
                    LatestRow row = value == null
                            ? LatestRow.deleted(change.version, change.timestampMs, epoch, 1, new byte[0], streamTimeMs)
                            : new LatestRow(change.version, change.timestampMs, epoch, 1, new byte[0], false, value);
                    append(change.key.getBytes(StandardCharsets.UTF_8), row.write());
                }
                task.skip();
            }
            if (emits) {
                LatestModel all = LatestModel.of(changelog.after(null));
                append(OutboxMarker.key(), OutboxMarker.write(all.highestEpoch()));
                LatestModel.of(changelog.after(null))
                        .rows()
                        .forEach((key, row) -> output.put(key, new Sent(key, row.version(), row.value() == null)));
            }
            changelog.commit();
            committedInput = task.inputOffset();
        }

        private void append(byte[] key, byte[] value) {
            Headers none = new RecordHeaders();
            changelog.append(key, value, 0, none);
            changelog.commit();
        }

        // ---- comparing

        private void compare() {
            RocksLatestStore<String, String> store = task.store();
            if (exactlyOnce && logged) {
                assertThat(Stream.of(committed, committedBefore).map(LatestModel::values))
                        .as("seed %d, read committed", seed)
                        .contains(stored(IsolationLevel.READ_COMMITTED));
            }
            assertThat(stored(IsolationLevel.READ_UNCOMMITTED))
                    .as("seed %d", seed)
                    .isEqualTo(model.values());
            assertThat(store.count()).as("count").isEqualTo(model.values().size());
            try (EventIterator<Versioned<String, String>> all = store.scan()) {
                Map<String, String> scanned = new TreeMap<>();
                all.forEachRemaining(found -> scanned.put(found.key(), found.value()));
                assertThat(scanned).as("scanned").isEqualTo(model.values());
            }
            if (indexed) {
                String owner = "o" + random.nextInt(3);
                int limit = 1 + random.nextInt(5);
                assertThat(store.query(LatestByIndexQuery.<String, String>of("owner", owner)
                                .limit(limit)))
                        .extracting(Versioned::key)
                        .isEqualTo(model.keysOf(owner).stream().limit(limit).toList());
            }
        }

        private Map<String, String> stored(IsolationLevel isolation) {
            Map<String, String> found = new TreeMap<>();
            for (int i = 0; i < KEYS; i++) {
                task.store()
                        .get(new LatestByKeyQuery<>("k" + i, isolation))
                        .ifPresent(versioned -> found.put(versioned.key(), versioned.value()));
            }
            return found;
        }

        @Override
        public void close() {
            task.close();
        }
    }
}
