package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.LatestModel.Row;
import io.forebay.store.internal.streams.HandDrivenTask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The life of a latest store with an outbox: updates new and stale, deletes, emissions, tombstones that expire.
 *
 * <p>The worst is assumed of crashes: exactly-once, the transaction takes back what was emitted in it; otherwise the changelog keeps
 * everything that was sent, and all that was emitted and not waited for is lost. After each emission, whoever reads the output must know
 * the newest version of every key; and exactly-once he must have got just what was emitted, once.
 */
final class LatestStoreLife
        extends StoreLife<RocksLatestStore<String, String>, LatestModel, List<LatestStoreLife.Update>> {

    private static final int KEYS = 15;
    private static final long RETENTION_MS = 100;

    private long versions;
    private long timeMs;

    /** The newest timestamp that the store knows of. */
    private long streamTimeMs = Long.MIN_VALUE;

    /** The newest timestamp that it may know of: it may have failed while it was put. */
    private long offeredMs = Long.MIN_VALUE;

    private final LatestOutput output;
    private boolean indexed;

    LatestStoreLife(Circumstances circumstances) {
        super(circumstances, new LatestModel());
        this.output = new LatestOutput(exactlyOnce && logged);
        mayHappen(4, "emission", this::emit);
    }

    record Update(String key, @Nullable String value, long version, long timestampMs) {}

    // ---- what an application does

    @Override
    List<Update> randomInput() {
        return Stream.generate(this::randomUpdate).limit(1 + random.nextInt(6)).toList();
    }

    private Update randomUpdate() {
        String key = "k" + random.nextInt(KEYS);
        timeMs += random.nextInt(20) - 5;
        long version = random.nextInt(4) == 0 ? random.nextLong(versions + 1) : ++versions;
        String value = random.nextInt(5) == 0 ? null : "o" + random.nextInt(3) + "/" + version;
        return new Update(key, value, version, 1_000 + timeMs);
    }

    @Override
    int mostInputs() {
        return 2;
    }

    @Override
    void apply(List<Update> batch) {
        batch.forEach(update -> offeredMs = Math.max(offeredMs, update.timestampMs));
        inTask(() -> {
            RocksLatestStore<String, String> store = task.store();
            List<PreparedUpdate<String, String>> updates = batch.stream()
                    .map(update -> store.prepare(
                            update.key, update.value, update.version, update.timestampMs, HandDrivenTask.noHeaders()))
                    .toList();
            List<PreparedUpdate<String, String>> stale =
                    random.nextBoolean() ? store.putNewer(updates) : putOneByOne(store, updates);
            for (int i = 0; i < batch.size(); i++) {
                PreparedUpdate<String, String> update = updates.get(i);
                applyToModel(batch.get(i), stale.stream().anyMatch(candidate -> candidate == update));
            }
        });
    }

    /** As the step does it: what memory can decide goes in at once. Returns the stale ones. */
    private static List<PreparedUpdate<String, String>> putOneByOne(
            LatestStore<String, String> store, List<PreparedUpdate<String, String>> updates) {
        List<PreparedUpdate<String, String>> stale = new ArrayList<>();
        for (PreparedUpdate<String, String> update : updates) { // in order, as a delete is dated by what came before
            stale.addAll(store.putNewer(store.putNewerOfKnown(List.of(update), stale::add)));
        }
        return stale;
    }

    /** Exactly when a tombstone that is due expires depends on what has been written in the background. */
    private void applyToModel(Update update, boolean stale) {
        streamTimeMs = Math.max(streamTimeMs, update.timestampMs);
        Row known = model.row(update.key);
        boolean expected = known != null && known.version() >= update.version;
        if (known == null || !isDue(known)) {
            assertThat(stale).as("stale: %s after %s", update, known).isEqualTo(expected);
        }
        if (!stale) {
            int pending = known == null || expected ? 0 : known.pendingUpdates();
            model.put(
                    update.key,
                    new Row(update.version, update.value, update.value == null ? streamTimeMs : 0, pending + 1));
        }
    }

    /** Whether it is a tombstone that may have expired. */
    private boolean isDue(Row row) {
        return row.value() == null && row.deletedAtMs() <= streamTimeMs - RETENTION_MS;
    }

    /** Everything pending is emitted, each key once, standing for as many updates as there were. */
    private void emit() {
        Map<String, Integer> emitted = new TreeMap<>();
        task.process(() -> task.store().emit(emission -> {
            assertThat(emitted).doesNotContainKey(emission.key());
            emitted.put(emission.key(), emission.updates());
            Row row = Objects.requireNonNull(model.row(emission.key()));
            assertThat(emission.value()).isEqualTo(row.value());
            assertThat(emission.version()).isEqualTo(row.version());
            output.send(emission.key(), emission.version(), emission.value() == null);
        }));
        assertThat(emitted).as("emitted").isEqualTo(model.pending());
        model.emitAll();
    }

    @Override
    void work() {
        change();
        if (random.nextBoolean()) {
            emit();
        }
    }

    // ---- commits

    @Override
    void prepare() {
        super.prepare();
        if (!exactlyOnce) {
            output.acknowledge();
        }
    }

    @Override
    void finish(boolean enforceCheckpoint) {
        output.acknowledge();
        super.finish(enforceCheckpoint);
    }

    // ---- ends and beginnings

    @Override
    void die() {
        super.die();
        output.loseUnacknowledged();
    }

    @Override
    void wipe() {
        super.wipe();
        if (!logged) {
            output.clear(); // the store starts empty
        }
    }

    /** Without a changelog, what was emitted last may be pending again. */
    @Override
    void restarted(LatestModel before) {
        assertThat(model.pending()).as("pending after a clean restart").containsAllEntriesOf(before.pending());
        if (logged) {
            assertThat(model.pending()).isEqualTo(before.pending());
        }
    }

    @Override
    boolean isSameAgain(LatestModel lost) {
        return Stream.of(lost, model)
                .flatMap(some -> some.rows().values().stream())
                .noneMatch(this::isDue);
    }

    @Override
    LatestStoreBuilder<String, String> builder() {
        indexed = random.nextBoolean();
        LatestStoreBuilder<String, String> builder = LatestStores.builder("samples", LatestModel.definition(indexed))
                .withOutbox()
                .tombstoneRetention(Duration.ofMillis(RETENTION_MS))
                .loggedTogether(loggedTogether())
                .crashPoints(crashAt);
        return logged ? builder : builder.withLoggingDisabled();
    }

    @Override
    LatestModel nothing() {
        return new LatestModel();
    }

    @Override
    LatestModel restore() {
        task.restore(1 + random.nextInt(20));
        LatestModel restored = LatestModel.of(changelog.after(null));
        assertThat(disk().rows().keySet())
                .as("keys on disk")
                .isEqualTo(restored.rows().keySet());
        if (exactlyOnce) {
            assertOnlyWhatIsDueHasExpired(committed, restored);
        } else {
            // The disk may know better what has been emitted.
            Map<String, Integer> pending = pendingInStore();
            assertThat(restored.pending()).containsAllEntriesOf(pending);
            restored.rows().replaceAll((key, row) -> pending.containsKey(key) ? row : row.emitted());
        }
        derive(restored);
        return restored;
    }

    private void assertOnlyWhatIsDueHasExpired(LatestModel before, LatestModel after) {
        Map<String, Row> gone = new TreeMap<>(before.rows());
        gone.keySet().removeAll(after.rows().keySet());
        assertThat(gone.values()).as("gone").allMatch(this::isDue).allMatch(row -> row.pendingUpdates() == 0);
        assertThat(before.rows()).as("in the changelog").containsAllEntriesOf(after.rows());
    }

    @Override
    LatestModel find(List<LatestModel> onDisk) {
        LatestModel found = new LatestModel();
        Map<String, Integer> pending = pendingInStore();
        disk().rows()
                .forEach((key, row) -> found.put(
                        key,
                        new Row(
                                row.version(),
                                row.tombstone() ? null : new String(row.value(), StandardCharsets.UTF_8),
                                row.tombstone() ? row.deletedAtMs() : 0,
                                pending.getOrDefault(key, 0))));
        assertThat(onDisk.stream().map(LatestModel::values)).contains(found.values());
        derive(found);
        return found;
    }

    /** The store knows only of the time when something was put that has been committed. */
    private void derive(LatestModel found) {
        long knownMs = disk().streamTimeMs();
        long newestRowMs = disk().rows().values().stream()
                .mapToLong(LatestRow::timestampMs)
                .max()
                .orElse(Long.MIN_VALUE);
        assertThat(knownMs).as("stream time").isBetween(newestRowMs, Math.max(streamTimeMs, offeredMs));
        streamTimeMs = knownMs;
        offeredMs = knownMs;
        output.assertNothingIsForgotten(found);
    }

    private LatestDisk disk() {
        return new LatestDisk(task.store().core().database());
    }

    private Map<String, Integer> pendingInStore() {
        Map<String, Integer> pending = new TreeMap<>();
        task.store().forEachPending(emission -> pending.put(emission.key(), emission.updates()));
        return pending;
    }

    // ---- as a standby

    /** Another instance emits or not. */
    @Override
    void elsewhere() {
        long epoch = LatestModel.of(changelog.after(null)).highestEpoch() + 1;
        for (int i = random.nextInt(4); i >= 0; i--) {
            Update update = randomUpdate();
            Row known = LatestModel.of(changelog.after(null)).row(update.key);
            if (known == null || known.version() < update.version) {
                streamTimeMs = Math.max(streamTimeMs, update.timestampMs);
                append(
                        update.key.getBytes(StandardCharsets.UTF_8),
                        row(update, epoch).write());
            }
            task.skip();
        }
        if (random.nextBoolean()) {
            LatestModel all = LatestModel.of(changelog.after(null));
            append(OutboxMarker.key(), OutboxMarker.write(all.highestEpoch()));
            output.receiveAll(all);
        }
        model = LatestModel.of(changelog.after(null));
    }

    private LatestRow row(Update update, long epoch) {
        byte[] none = {};
        return update.value == null
                ? LatestRow.deleted(update.version, update.timestampMs, epoch, 1, none, streamTimeMs)
                : new LatestRow(
                        update.version,
                        update.timestampMs,
                        epoch,
                        1,
                        none,
                        false,
                        update.value.getBytes(StandardCharsets.UTF_8));
    }

    private void append(byte[] key, byte[] value) {
        changelog.append(key, value, 0, HandDrivenTask.noHeaders());
        changelog.commit();
    }

    @Override
    void activated() {
        Map<String, Integer> pending = pendingInStore();
        model = LatestModel.of(changelog.after(null));
        assertThat(model.pending()).containsAllEntriesOf(pending);
        if (exactlyOnce) {
            assertThat(pending).isEqualTo(model.pending());
        }
        model.rows().replaceAll((key, row) -> pending.containsKey(key) ? row : row.emitted());
        derive(model);
    }

    // ---- comparing

    /** Of every key the newest version has been emitted; and long after, nothing is left of what was deleted. */
    @Override
    void end() {
        emit();
        prepare();
        finish(true);
        output.assertIsComplete(model);
        expireAll();
        Set<String> live = model.values().keySet();
        assertThat(disk().rows().keySet()).as("keys on disk").isEqualTo(live);
        assertThat(disk().queuedTombstones()).isZero();
        if (logged) {
            assertThat(LatestModel.of(changelog.after(null)).rows().keySet())
                    .as("keys in the changelog")
                    .isEqualTo(live);
        }
    }

    private void expireAll() {
        timeMs = streamTimeMs + RETENTION_MS;
        for (int i = 0; i < 5; i++) {
            versions++;
            process(List.of(new Update("k0", "o0/" + versions, versions, 1_000 + timeMs)));
            emit();
            commit();
            awaitWritten();
        }
        task.postCommit(true);
        awaitWritten();
    }

    private void awaitWritten() {
        task.store().committedOffset(MemoryChangelog.PARTITION);
    }

    @Override
    void compareWithModel() {
        RocksLatestStore<String, String> store = task.store();
        assertThat(stored(IsolationLevel.READ_UNCOMMITTED)).as("seed %d", seed).isEqualTo(model.content());
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

    @Override
    Map<String, Object> stored(IsolationLevel isolation) {
        Map<String, Object> found = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            task.store()
                    .get(new LatestByKeyQuery<>("k" + i, isolation))
                    .ifPresent(versioned -> found.put(versioned.key(), versioned.value()));
        }
        return found;
    }
}
