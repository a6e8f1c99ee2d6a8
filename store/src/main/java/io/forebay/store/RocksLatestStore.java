package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.KnownKeys.Known;
import io.forebay.store.Outbox.Guarantee;
import io.forebay.store.internal.streams.TaskContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/** The latest store: what is put, emitted and expires. See {@link CommitProtocol} for how it is committed. */
final class RocksLatestStore<K, V> extends QueriedLatestStore<K, V> {

    private final LatestDefinition<K, V> definition;
    private final long tombstoneRetentionMs;
    private final boolean hasOutbox;

    private @Nullable Opened<K, V> opened;

    /** What the rows say of it, or null while they have to be asked. */
    private @Nullable Derived derived;

    RocksLatestStore(
            String name,
            LatestDefinition<K, V> definition,
            CommitSettings commits,
            long tombstoneRetentionMs,
            boolean hasOutbox,
            RocksSettings settings) {
        super(name, commits, settings);
        this.definition = definition;
        this.tombstoneRetentionMs = tombstoneRetentionMs;
        this.hasOutbox = hasOutbox;
    }

    @Override
    StoreContents<LatestSet> openContents(StoreCore core) {
        EventDatabase database = core.database();
        TopicPartition changelog = core.changelog();
        String topic = changelog != null ? changelog.topic() : name();
        LatestCodec<K, V> unnumbered = new LatestCodec<>(definition, topic, new int[0]);
        int[] numbers = new IndexCatalogue(database).reconcile(definition.indexes(), unnumbered);
        LatestCodec<K, V> codec = new LatestCodec<>(definition, topic, numbers);
        LatestWriter<K, V> writer = new LatestWriter<>(database, codec, core.meta());
        opened = new Opened<>(
                core,
                codec,
                writer,
                new LatestReader<>(codec, database, core.meta(), this::uncommitted, guard()::requireOpen),
                core.metrics().sum("stale-updates", "updates refused because they were not newer than what is known"),
                core.metrics().sum("expired-tombstones", "deleted keys whose version was forgotten"));
        derived = null;
        return new LatestContents<>(codec, writer);
    }

    @Override
    public PreparedUpdate<K, V> prepare(K key, @Nullable V value, long version, long timestampMs, Headers headers) {
        return opened().codec.prepare(key, value, version, timestampMs, headers);
    }

    @Override
    public List<PreparedUpdate<K, V>> putNewer(Collection<PreparedUpdate<K, V>> updates, Position seen) {
        settleForWriting();
        List<PreparedUpdate<K, V>> stale = putAll(updates);
        advancePosition(seen);
        return stale;
    }

    @Override
    public List<PreparedUpdate<K, V>> putNewer(Collection<PreparedUpdate<K, V>> updates) {
        settleForWriting();
        List<PreparedUpdate<K, V>> stale = putAll(updates);
        advancePosition();
        return stale;
    }

    @Override
    public List<PreparedUpdate<K, V>> putNewerOfKnown(
            List<PreparedUpdate<K, V>> updates, Consumer<? super PreparedUpdate<K, V>> stale) {
        settleForWriting();
        Derived state = derived();
        state.known.makeRoom();
        @Nullable Known[] known = state.known.getAll(updates);
        LatestSet active = active();
        List<PreparedUpdate<K, V>> undecided = new ArrayList<>(0);
        for (int i = 0; i < known.length; i++) {
            Known of = known[i];
            PreparedUpdate<K, V> update = updates.get(i);
            if (of == null) {
                undecided.add(update);
            } else if (!putNewer(update, of, active, state)) {
                opened().staleUpdates.record(1);
                stale.accept(update);
            }
        }
        activeHasGrown();
        return undecided;
    }

    private List<PreparedUpdate<K, V>> putAll(Collection<PreparedUpdate<K, V>> updates) {
        if (updates.isEmpty()) {
            return List.of();
        }
        Derived state = derived();
        state.known.makeRoom();
        LatestSet active = active();
        List<PreparedUpdate<K, V>> stale = new ArrayList<>();
        learn(updates, state.known);
        for (PreparedUpdate<K, V> update : updates) {
            Known known = Objects.requireNonNull(state.known.get(update.keyBytes()));
            if (!putNewer(update, known, active, state)) {
                stale.add(update);
            }
        }
        if (!stale.isEmpty()) {
            opened().staleUpdates.record(stale.size());
        }
        activeHasGrown();
        return stale;
    }

    /** Has all keys known. */
    private void learn(Collection<PreparedUpdate<K, V>> updates, KnownKeys known) {
        Uncommitted<LatestSet> sets = uncommitted();
        Set<Bytes> elsewhere = new LinkedHashSet<>();
        for (PreparedUpdate<K, V> update : updates) {
            Bytes key = update.keyBytes();
            if (known.get(key) == null) {
                LatestChange change = LatestSnapshot.newest(sets, key);
                if (change == null) {
                    elsewhere.add(key);
                } else {
                    known.add(key, change.row(), change == sets.active().get(key) ? change : null);
                }
            }
        }
        if (elsewhere.isEmpty()) {
            return;
        }
        try (DatabaseSnapshot snapshot = opened().core.database().snapshot()) {
            Iterator<byte @Nullable []> found = snapshot.findAll(
                            Table.LATEST, elsewhere.stream().map(Bytes::get).toList())
                    .iterator();
            for (Bytes key : elsewhere) {
                byte[] row = found.next();
                known.add(key, row == null ? null : LatestRow.read(row), null);
            }
        }
    }

    private boolean putNewer(PreparedUpdate<K, V> update, Known known, LatestSet active, Derived state) {
        state.streamTimeMs = Math.max(state.streamTimeMs, update.timestampMs());
        if (!known.isOlderThan(update.version())) {
            return false;
        }
        put(update, known, active, state);
        return true;
    }

    private void put(PreparedUpdate<K, V> update, Known known, LatestSet active, Derived state) {
        long epoch = hasOutbox ? state.outbox.put() : 0;
        int updates = update.updates();
        if (hasOutbox && state.outbox.isPending(known.epoch())) {
            updates += known.updates();
        }
        LatestRow row = row(update, updates, epoch, state.streamTimeMs);
        LatestChange change = known.change();
        boolean isListed = change != null && known.epoch() == epoch;
        if (change == null) {
            change = new LatestChange(known.key(), row);
            active.put(change, known.isLive());
            known.enterChange(change);
        } else {
            active.replace(known, change, row);
        }
        known.become(row);
        if (hasOutbox && !isListed) {
            active.addPending(change);
        }
    }

    private static LatestRow row(PreparedUpdate<?, ?> update, int updates, long epoch, long streamTimeMs) {
        byte[] value = update.valueBytes();
        return value == null
                ? LatestRow.deleted(
                        update.version(), update.timestampMs(), epoch, updates, update.headerBytes(), streamTimeMs)
                : new LatestRow(
                        update.version(),
                        update.timestampMs(),
                        epoch,
                        updates,
                        update.headerBytes(),
                        false,
                        value,
                        update.indexKeys());
    }

    @Override
    public int emit(Consumer<? super Emission<K, V>> consumer) {
        if (!hasOutbox) {
            throw new IllegalStateException(
                    "latest store '" + name() + "' has no outbox: its builder was not told withOutbox()");
        }
        int emitted = forEachPending(consumer);
        Outbox outbox = derived().outbox;
        if (emitted > 0) {
            outbox.endEpoch();
            LatestSnapshot.newestFirst(uncommitted()).forEach(LatestSet::clearPending);
        } else {
            outbox.nothingPending();
        }
        return emitted;
    }

    /** Shows what is pending, which it remains; how many there are. */
    int forEachPending(Consumer<? super Emission<K, V>> consumer) {
        settleForWriting();
        Opened<K, V> store = opened();
        Outbox outbox = derived().outbox;
        Uncommitted<LatestSet> sets = uncommitted();
        List<LatestChange> inMemory = LatestSnapshot.pending(sets);
        for (LatestChange change : inMemory) {
            consumer.accept(emission(change, store.codec));
        }
        int onDisk = outbox.mayHavePendingOnDisk()
                ? new PendingRows<>(store.core.database(), store.codec, sets).forEach(outbox.emitted(), consumer)
                : 0;
        return inMemory.size() + onDisk;
    }

    private static <K, V> Emission<K, V> emission(LatestChange change, LatestCodec<K, V> codec) {
        LatestRow row = change.row();
        if (row == null) {
            throw new IllegalStateException("a tombstone that is pending does not expire");
        }
        return codec.emission(change.key().get(), row);
    }

    @Override
    void completeActive(boolean flushed) {
        LatestSet active = active();
        Derived state = derived();
        if (!active.isEmpty()) {
            Opened<K, V> store = opened();
            long deletedUpToMs = state.streamTimeMs - tombstoneRetentionMs;
            if (deletedUpToMs < state.streamTimeMs) { // else the time is not known yet
                store.expiredTombstones.record(state.tombstones.expire(
                        deletedUpToMs,
                        uncommitted(),
                        row -> !hasOutbox || state.outbox.isSettled(row),
                        state.known,
                        store.core.database()));
            }
            active.streamTimeMs(state.streamTimeMs);
        }
        if (hasOutbox) {
            state.outbox.beforeCommit(active, flushed);
        }
    }

    @Override
    void committed() {
        if (derived != null) {
            derived.outbox.committed();
        }
    }

    @Override
    LatestSet committedSet() {
        LatestSet known = super.committedSet();
        if (derived != null && derived.outbox.acknowledged() > opened().writer.marker()) {
            known.marker(derived.outbox.acknowledged());
        }
        return known;
    }

    /** What is known of the rows; asks them if that is not known. Nothing is being written to disk when it has to. */
    private Derived derived() {
        if (derived == null) {
            LatestWriter<K, V> writer = opened().writer;
            derived = new Derived(
                    new Outbox(guarantee(), writer.marker(), writer.highestPending()),
                    new KnownKeys(maxUncommittedBytes() / 4),
                    writer.streamTimeMs());
        }
        return derived;
    }

    private Guarantee guarantee() {
        if (opened().core.changelog() == null) {
            return Guarantee.NO_CHANGELOG;
        }
        return TaskContext.isExactlyOnce(opened().core.context()) ? Guarantee.TRANSACTION : Guarantee.CHANGELOG;
    }

    @Override
    void closeContents() {
        opened = null;
        derived = null;
    }

    @Override
    void forgetDerived() {
        derived = null;
    }

    @Override
    LatestReader<K, V> reader() {
        return opened().reader;
    }

    private Opened<K, V> opened() {
        if (opened == null) {
            throw closed();
        }
        return opened;
    }

    /** What a latest store has beyond every other. */
    private record Opened<K, V>(
            StoreCore core,
            LatestCodec<K, V> codec,
            LatestWriter<K, V> writer,
            LatestReader<K, V> reader,
            Sensor staleUpdates,
            Sensor expiredTombstones) {}

    /** What follows from the rows, and goes on from there. Belongs to the StreamThread. */
    private static final class Derived {

        final Outbox outbox;
        final KnownKeys known;
        final ExpiringTombstones tombstones = new ExpiringTombstones();
        long streamTimeMs;

        Derived(Outbox outbox, KnownKeys known, long streamTimeMs) {
            this.outbox = outbox;
            this.known = known;
            this.streamTimeMs = streamTimeMs;
        }
    }
}
