package io.forebay.store;

import io.forebay.store.internal.streams.CommitAware;
import io.forebay.store.internal.streams.RestoreCallback;
import io.forebay.store.internal.streams.TaskContext;
import java.io.File;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * The event store: a double buffer over RocksDB that moves in step with the commits of its task.
 *
 * <p><b>Protocol.</b> There are at most two sets of events in memory. Puts go to the <em>active</em> set. Before a commit
 * ({@link #beforeCommit}) it is written to the changelog topic and becomes the <em>sealed</em> set, which goes to RocksDB,
 * in the background and in one batch with its changelog offset, when that commit is known to have succeeded: when {@link #commit} says so, or
 * when the next commit comes and there have been puts since (a task does not process anything between preparing a commit
 * and having committed). So RocksDB never holds anything uncommitted, even under exactly-once, and what a crash takes
 * from memory is in the changelog beyond the offset that RocksDB holds, or was never committed.
 *
 * <p>Without a changelog there is nothing to fall back on: the active set goes to RocksDB before the commit.
 *
 * <p><b>Threads.</b> The StreamThread writes. Readers on other threads are admitted through {@link CloseGuard}, so that the
 * database is not closed under them.
 */
final class RocksEventStore<E> extends QueriedEventStore<E> implements CommitAware {

    private final EventDefinition<E> definition;
    private final long maxUncommittedBytes;
    private final Eviction eviction;
    private final List<Runnable> beforeCommitActions = new ArrayList<>();

    private Position position = Position.emptyPosition();
    private volatile Uncommitted uncommitted = Uncommitted.emptyAfter(WriteSet.UNNUMBERED);
    private volatile long late;
    private Floor floor = Floor.NONE;

    /** The newest timestamp there has been, or null while it has to be looked up. Only with retention. */
    private @Nullable Long streamTimeNanos;

    private final WriteBehind writeBehind = new WriteBehind();
    private @Nullable Opened<E> opened;

    RocksEventStore(String name, EventDefinition<E> definition, long maxUncommittedBytes, Eviction eviction) {
        super(name);
        this.definition = definition;
        this.maxUncommittedBytes = maxUncommittedBytes;
        this.eviction = eviction;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        TaskContext task = TaskContext.of(context);
        TopicPartition changelog = task.changelogOf(name());
        File directory = new File(new File(context.stateDir(), "forebay"), name());
        String topic = changelog != null ? changelog.topic() : name();
        EventDatabase database = EventDatabase.open(directory);
        try {
            StoreMeta meta = StoreMeta.open(database);
            int[] numbers = new IndexCatalogue(database).reconcile(definition, topic);
            EventCodec<E> codec = new EventCodec<>(definition, topic, numbers);
            position = meta.position();
            uncommitted = Uncommitted.emptyAfter(meta.contents().setNumber());
            forgetDerived(meta);
            opened = new Opened<>(
                    context,
                    task,
                    changelog,
                    database,
                    codec,
                    meta,
                    new EventWriter<>(database, codec, meta),
                    new EventReader<>(codec, database, () -> uncommitted, guard()::requireOpen));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        guard().open();
        context.register(root, (RestoreCallback) this::restore);
    }

    @Override
    public PreparedEvent<E> prepare(E event) {
        return opened().codec.prepare(event);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the StreamThread alone
    public boolean put(PreparedEvent<E> event) {
        Opened<E> store = opened();
        advancePosition(store);
        if (isLate(event, store)) {
            late++;
            return false;
        }
        add(WriteSet.Entry.put(event), store);
        return true;
    }

    @Override
    public void delete(String id) {
        Opened<E> store = opened();
        advancePosition(store);
        add(WriteSet.Entry.delete(EventCodec.idBytes(id)), store);
    }

    @Override
    public long deleteBefore(Instant cutoff) {
        Opened<E> store = opened();
        byte[] oldestKept = Rows.timestamp(Timestamps.clampedNanos(cutoff, Long.MIN_VALUE));
        return raiseFloor(oldestKept, store.reader.countBelow(oldestKept), store);
    }

    private boolean isLate(PreparedEvent<E> event, Opened<E> store) {
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
    private long raiseFloor(byte[] newPosition, long removed, Opened<E> store) {
        Floor raised = new Floor(newPosition, floor.evicted() + removed);
        if (raised.hides(floor.position())) {
            floor = raised;
            add(WriteSet.Entry.floor(raised), store);
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
                raiseFloor(oldestKept, expired, store);
            }
        }
        if (eviction.hasMaxEvents()) {
            byte[] oldestKept = store.reader.positionThatLeaves(eviction.maxEvents());
            if (oldestKept != null) {
                raiseFloor(oldestKept, store.reader.countBelow(oldestKept), store);
            }
        }
    }

    private void advancePosition(Opened<E> store) {
        store.context
                .recordMetadata()
                .ifPresent(origin -> position.withComponent(origin.topic(), origin.partition(), origin.offset()));
    }

    private void add(WriteSet.Entry entry, Opened<E> store) {
        Uncommitted sets = uncommitted;
        long sizeBefore = sets.sizeBytes();
        sets.active().add(entry);
        if (sizeBefore <= maxUncommittedBytes && sets.sizeBytes() > maxUncommittedBytes) {
            store.task.requestCommit();
        }
    }

    @Override
    public Runnable beforeCommit(Runnable action) {
        beforeCommitActions.add(action);
        return () -> beforeCommitActions.remove(action);
    }

    @Override
    public void beforeCommit() {
        Opened<E> store = opened();
        beforeCommitActions.forEach(Runnable::run);
        Uncommitted sets = uncommitted;
        WriteSet active = sets.active();
        if (active.isEmpty()) {
            return; // and no evidence that the commit of the sealed set succeeded
        }
        evict(store);
        if (store.changelog == null) {
            writeBehind.await();
            active.seal(position);
            store.writer.write(active, null, active.position());
            moveOn(Uncommitted::dropped);
            writeBehind.submit(() -> store.writer.sweep(writeBehind::isAwaited));
            return;
        }
        OptionalLong offset = store.task.acknowledgedOffset(store.changelog); // before the active set adds to it
        writeBehind.await();
        log(active, store);
        active.seal(position);
        moveOn(Uncommitted::afterSealing);
        WriteSet committed = sets.sealed();
        if (committed != null) {
            write(committed, offset.isPresent() ? offset.getAsLong() : null);
        }
    }

    /** Writes a set that is known to be committed, in the background. */
    private void write(WriteSet set, @Nullable Long offset) {
        EventWriter<E> writer = opened().writer;
        writeBehind.submit(() -> {
            writer.write(set, offset, set.position());
            moveOn(sets -> sets.afterWriting(set));
            writer.sweep(writeBehind::isAwaited);
        });
    }

    /** Both the StreamThread and the thread that writes move sets on. */
    private synchronized void moveOn(UnaryOperator<Uncommitted> step) {
        uncommitted = step.apply(uncommitted);
    }

    private void log(WriteSet set, Opened<E> store) {
        long now = store.task.currentSystemTimeMs();
        Floor raised = set.floor(set.length());
        if (raised != null) {
            store.task.log(name(), Floor.key(), raised.write(), now, position);
        }
        for (WriteSet.Entry entry : set.visible(set.length())) {
            PreparedEvent<?> event = entry.liveAbove(floor);
            // The broker refuses timestamps too far in the future, and negative ones.
            long timestampMs =
                    event == null ? now : Math.max(0, Math.min(now, Math.floorDiv(event.timestampNanos(), 1_000_000L)));
            store.task.log(name(), entry.id.get(), event == null ? null : event.payload(), timestampMs, position);
        }
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        Opened<E> store = opened();
        if (store.changelog == null) {
            return; // written before the commit
        }
        if (changelogOffsets.isEmpty() || changelogOffsets.get(store.changelog) == null) {
            writeBehind.await();
            store.meta.removeOffset();
            return;
        }
        long changelogOffset = changelogOffsets.get(store.changelog);
        Long offset = changelogOffset == StoreMeta.OFFSET_UNKNOWN ? null : changelogOffset;
        writeBehind.await();
        WriteSet sealed = uncommitted.sealed();
        if (sealed != null) {
            moveOn(Uncommitted::afterCommit);
            write(sealed, offset);
        } else if (offset != null) {
            store.writer.write(new WriteSet(WriteSet.UNNUMBERED), offset, null);
        }
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        Opened<E> store = opened();
        writeBehind.await();
        return partition.equals(store.changelog) ? store.meta.offset() : null;
    }

    private void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
        Opened<E> store = opened();
        writeBehind.await();
        WriteSet batch = new WriteSet(WriteSet.UNNUMBERED);
        long lastOffset = StoreMeta.OFFSET_UNKNOWN;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            batch.add(restored(record, store.codec));
            lastOffset = record.offset();
        }
        store.writer.write(batch, lastOffset == StoreMeta.OFFSET_UNKNOWN ? null : lastOffset, null);
        forgetDerived(store.meta);
    }

    private static WriteSet.Entry restored(ConsumerRecord<byte[], byte[]> record, EventCodec<?> codec) {
        byte[] value = record.value();
        if (value == null) {
            return WriteSet.Entry.delete(record.key());
        }
        return Floor.isKey(record.key())
                ? WriteSet.Entry.floor(Floor.read(value))
                : WriteSet.Entry.put(codec.restore(value));
    }

    /** What the rows say has changed around the memory. */
    private void forgetDerived(StoreMeta meta) {
        floor = meta.floor();
        streamTimeNanos = null;
    }

    @Override
    public void dropUncommitted() {
        writeBehind.awaitQuietly();
        moveOn(Uncommitted::dropped);
        if (opened != null) {
            forgetDerived(opened.meta);
        }
    }

    @Override
    EventReader<E> reader() {
        return opened().reader;
    }

    @Override
    int partition() {
        return opened().context.taskId().partition();
    }

    @Override
    long late() {
        return late;
    }

    @Override
    Position position(IsolationLevel isolation) {
        if (isolation == IsolationLevel.READ_UNCOMMITTED) {
            return position.copy();
        }
        WriteSet writing = uncommitted.writing(); // if it has gone meanwhile, it is on disk
        Position committed = writing == null ? null : writing.position();
        return committed != null ? committed.copy() : opened().meta.position();
    }

    @Override
    public Position getPosition() {
        return position;
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    @SuppressWarnings("deprecation") // the way to say it until Kafka takes it for granted
    public boolean managesOffsets() {
        return true;
    }

    /** Drops what is not written: after a clean close that is nothing, after a crash of the task it is uncommitted. */
    @Override
    public void close() {
        Opened<E> store = opened;
        writeBehind.awaitQuietly();
        if (store != null) {
            guard().close(store.database::close);
            opened = null;
        }
        beforeCommitActions.clear();
        dropUncommitted();
    }

    private Opened<E> opened() {
        if (opened == null) {
            throw closed();
        }
        return opened;
    }

    /** Everything that exists between init and close. */
    private record Opened<E>(
            StateStoreContext context,
            TaskContext task,
            @Nullable TopicPartition changelog,
            EventDatabase database,
            EventCodec<E> codec,
            StoreMeta meta,
            EventWriter<E> writer,
            EventReader<E> reader) {}
}
