package io.forebay.store;

import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Sensor;
import org.jspecify.annotations.Nullable;

/** The event store: what is put, and what has to go. See {@link TransactionalStore} for how it is committed. */
final class RocksEventStore<E> extends QueriedEventStore<E> {

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
            long maxUncommittedBytes,
            Eviction eviction,
            RocksSettings settings,
            CrashPoints crashPoints) {
        super(name, WriteSet::new, maxUncommittedBytes, settings, crashPoints);
        this.definition = definition;
        this.eviction = eviction;
    }

    @Override
    WriteSet union(WriteSet earlier, WriteSet later) {
        return earlier.plus(later);
    }

    @Override
    Contents<WriteSet> openContents(Core core) {
        EventDatabase database = core.database();
        TopicPartition changelog = core.changelog();
        String topic = changelog != null ? changelog.topic() : name();
        int[] numbers = new IndexCatalogue(database).reconcile(definition, topic);
        EventCodec<E> codec = new EventCodec<>(definition, topic, numbers);
        EventWriter<E> writer = new EventWriter<>(database, codec, core.meta());
        opened = new Opened<>(
                core,
                codec,
                new EventReader<>(codec, database, this::uncommitted, guard()::requireOpen),
                core.metrics().sum("evicted-events", "events removed because they were too old or too many"),
                core.metrics().sum("late-events", "events refused because they were older than the retention"));
        forgetDerived();
        return new EventContents<>(codec, writer, () -> floor);
    }

    @Override
    public PreparedEvent<E> prepare(E event) {
        return opened().codec.prepare(event);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the StreamThread alone
    public boolean put(PreparedEvent<E> event) {
        Opened<E> store = opened();
        advancePosition();
        EventRow row = event.row();
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
        advancePosition();
        add(WriteSet.Entry.delete(EventCodec.idBytes(id)));
    }

    @Override
    public long deleteBefore(Instant cutoff) {
        Opened<E> store = opened();
        advancePosition();
        byte[] oldestKept = Rows.timestamp(Timestamps.clampedNanos(cutoff, Long.MIN_VALUE));
        return raiseFloor(oldestKept, store.reader.countBelow(oldestKept));
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

    /** Lets go what has to go, so that it is part of the commit that is about to come. */
    private void evict(Opened<E> store) {
        Long streamTime = streamTimeNanos;
        if (streamTime != null) {
            byte[] oldestKept = Rows.timestamp(eviction.oldestKept(streamTime));
            long expired = store.reader.countBelow(oldestKept);
            if (expired > 0) {
                raiseFloor(oldestKept, expired);
            }
        }
        if (eviction.hasMaxEvents()) {
            byte[] oldestKept = store.reader.positionThatLeaves(eviction.maxEvents());
            if (oldestKept != null) {
                raiseFloor(oldestKept, store.reader.countBelow(oldestKept));
            }
        }
    }

    private void add(WriteSet.Entry entry) {
        active().add(entry);
        limitUncommitted();
    }

    @Override
    void completeActive(boolean flushed) {
        if (!active().isEmpty()) {
            evict(opened());
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
            Core core, EventCodec<E> codec, EventReader<E> reader, Sensor evictions, Sensor lateEvents) {}
}
