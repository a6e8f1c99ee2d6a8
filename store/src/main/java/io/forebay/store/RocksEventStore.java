package io.forebay.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Sensor;
import org.jspecify.annotations.Nullable;

/** The event store: what is put, and what has to go. See {@link CommitProtocol} for how it is committed. */
final class RocksEventStore<E> extends QueriedEventStore<E> {

    /** For how much of the memory of a store ids may wait for their tombstones. */
    private static final int STALE_IDS_PART = 8;

    private static final int TOMBSTONES_PER_COMMIT = 5_000;

    private final EventDefinition<E> definition;
    private final Eviction eviction;

    private volatile long late;
    private Floor floor = Floor.NONE;

    /** The newest timestamp there has been, or null while it has to be looked up. Only with retention. */
    private @Nullable Long streamTimeNanos;

    private @Nullable Opened<E> opened;

    RocksEventStore(
            String name,
            EventDefinition<E> definition,
            CommitSettings commits,
            Eviction eviction,
            RocksSettings settings) {
        super(name, commits, settings);
        this.definition = definition;
        this.eviction = eviction;
    }

    @Override
    StoreContents<WriteSet> openContents(StoreCore core) {
        EventDatabase database = core.database();
        TopicPartition changelog = core.changelog();
        String topic = changelog != null ? changelog.topic() : name();
        int[] numbers = new IndexCatalogue(database).reconcile(definition, topic);
        EventCodec<E> codec = new EventCodec<>(definition, topic, numbers);
        // With retention, the broker deletes what the changelog has of old events.
        boolean needsTombstones = changelog != null && !eviction.hasRetention();
        StaleIds staleIds = needsTombstones ? new StaleIds(maxUncommittedBytes() / STALE_IDS_PART) : null;
        EventWriter<E> writer = new EventWriter<>(database, codec, core.meta(), staleIds);
        opened = new Opened<>(
                core,
                codec,
                new EventReader<>(codec, database, this::uncommitted, guard()::requireOpen),
                staleIds,
                core.metrics().sum("evicted-events", "events removed because they were too old or too many"),
                core.metrics().sum("late-events", "events refused because they were older than the retention"));
        forgetDerived();
        return new EventContents<>(name(), codec, writer, () -> floor);
    }

    @Override
    public PreparedEvent<E> prepare(E event) {
        return opened().codec.prepare(event);
    }

    @Override
    public boolean put(PreparedEvent<E> event) {
        settleForWriting();
        boolean taken = take(event.row(), opened());
        advancePosition();
        return taken;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the StreamThread alone
    private boolean take(EventRow row, Opened<E> store) {
        if (isLate(row, store)) {
            late++;
            store.lateEvents.record(1);
            return false;
        }
        add(WriteSet.Entry.put(row));
        return true;
    }

    @Override
    public void delete(String id) {
        byte[] idBytes = EventCodec.idBytes(id);
        settleForWriting();
        add(WriteSet.Entry.delete(idBytes));
        advancePosition();
    }

    @Override
    public long deleteBefore(Instant cutoff) {
        Objects.requireNonNull(cutoff, "cutoff");
        Opened<E> store = opened();
        settleForWriting();
        byte[] oldestKept = Rows.timestamp(Timestamps.clampedNanos(cutoff, Long.MIN_VALUE));
        long removed = raiseFloor(oldestKept, store.reader.countBelow(oldestKept));
        advancePosition();
        return removed;
    }

    private boolean isLate(EventRow event, Opened<E> store) {
        if (eviction.hasRetention()) {
            Long known = streamTimeNanos;
            long streamTime =
                    Math.max(event.timestampNanos(), known == null ? store.reader.newestTimestampNanos() : known);
            streamTimeNanos = streamTime;
            if (event.timestampNanos() < eviction.oldestKept(streamTime)) {
                return true;
            }
        }
        return floor.hides(event);
    }

    /** Lets everything below a position go, which is so many events. */
    private long raiseFloor(byte[] newPosition, long removed) {
        Floor raised = new Floor(newPosition, floor.evicted() + removed);
        if (raised.hides(floor.position())) {
            floor = raised;
            opened().evictions.record(removed);
            add(WriteSet.Entry.floor(raised));
        }
        return removed;
    }

    /**
     * Lets go what has to go, so that it is part of the commit that is about to come. The floor follows stream time even where nothing
     * goes: what is late stays late when the newest event is deleted, whatever becomes of memory and disk.
     */
    private void evict(Opened<E> store) {
        Long streamTime = streamTimeNanos;
        if (streamTime != null && eviction.oldestKept(streamTime) > floor.timestampNanos()) {
            byte[] oldestKept = Rows.timestamp(eviction.oldestKept(streamTime));
            raiseFloor(oldestKept, store.reader.countBelow(oldestKept));
        }
        if (eviction.hasMaxEvents()) {
            EventReader.Excess excess = store.reader.excess(eviction.maxEvents());
            if (excess != null) {
                raiseFloor(excess.below(), excess.count());
            }
        }
    }

    private void add(WriteSet.Entry entry) {
        active().add(entry);
        activeHasGrown();
    }

    @Override
    void completeActive(boolean flushed) {
        if (!active().isEmpty()) {
            evict(opened());
            deleteStale(opened());
        }
    }

    /**
     * Deletes some more of the events that are below the floor already: the changelog gets tombstones, and rows go that only the sweeper
     * has seen. As many as come in, so that there are not ever more of them, and some more. An id that has come again is left alone.
     */
    private void deleteStale(Opened<E> store) {
        if (store.staleIds != null) {
            List<byte[]> ids = store.staleIds.take(TOMBSTONES_PER_COMMIT + active().length());
            if (!ids.isEmpty()) {
                store.reader.stale(ids).forEach(id -> active().add(WriteSet.Entry.delete(id)));
            }
        }
    }

    @Override
    void closeContents() {
        opened = null;
    }

    @Override
    void forgetDerived() {
        floor = opened().core.meta().floor();
        streamTimeNanos = null;
    }

    @Override
    EventReader<E> reader() {
        return opened().reader;
    }

    @Override
    long late() {
        return late;
    }

    private Opened<E> opened() {
        if (opened == null) {
            throw closed();
        }
        return opened;
    }

    /** What an event store has beyond every other. */
    private record Opened<E>(
            StoreCore core,
            EventCodec<E> codec,
            EventReader<E> reader,
            @Nullable StaleIds staleIds,
            Sensor evictions,
            Sensor lateEvents) {}
}
