package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
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
 * when the next commit comes and something has been processed since (a task does not process anything between preparing a
 * commit and having committed). Until then, what is put is sealed together with it. So RocksDB never holds anything uncommitted, even under exactly-once, and what a crash takes
 * from memory is in the changelog beyond the offset that RocksDB holds, or was never committed.
 *
 * <p>Without a changelog there is nothing to fall back on: the active set goes to RocksDB before the commit. Nothing committed is
 * lost with the process then, but RocksDB may hold what is processed again, under exactly-once as well.
 *
 * <p><b>Threads.</b> The StreamThread writes. Readers on other threads are admitted through {@link CloseGuard}, so that the
 * database is not closed under them.
 */
final class RocksEventStore<E> extends QueriedEventStore<E> implements CommitAware {

    private final EventDefinition<E> definition;
    private final long maxUncommittedBytes;
    private final Eviction eviction;
    private final RocksSettings settings;
    private final CrashPoints crashPoints;
    private final List<Runnable> beforeCommitActions = new ArrayList<>();

    private Position position = Position.emptyPosition();
    private volatile Uncommitted uncommitted = Uncommitted.empty();
    private volatile long late;
    private boolean commitRequested;
    private Floor floor = Floor.NONE;

    /** The newest timestamp there has been, or null while it has to be looked up. Only with retention. */
    private @Nullable Long streamTimeNanos;

    private final WriteBehind writeBehind = new WriteBehind();
    private @Nullable Opened<E> opened;

    /** What the task had processed last when the sealed set was sealed. */
    private @Nullable Object sealedAfter;

    RocksEventStore(
            String name,
            EventDefinition<E> definition,
            long maxUncommittedBytes,
            Eviction eviction,
            RocksSettings settings,
            CrashPoints crashPoints) {
        super(name);
        this.definition = definition;
        this.maxUncommittedBytes = maxUncommittedBytes;
        this.eviction = eviction;
        this.settings = settings;
        this.crashPoints = crashPoints;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        File directory = new File(new File(context.stateDir(), "forebay"), name());
        opened = new StoreDirectory(directory, settings).open(database -> open(database, context));
        guard().open();
        addGauges(opened());
        context.register(root, (RestoreCallback) this::restore);
    }

    /** Asked for by any thread, at any time. */
    private void addGauges(Opened<E> store) {
        StoreMetrics metrics = store.metrics;
        metrics.addGauge(
                "uncommitted-bytes",
                "What is kept in memory until it is committed, in bytes",
                () -> uncommitted.sizeBytes());
        metrics.addGauge("open-iterators", "Iterators over RocksDB that are open", store.database::openIterators);
        metrics.addGauge(
                "write-buffer-bytes",
                "What RocksDB keeps of this store in write buffers, in bytes",
                () -> guard().readOr(0L, store.database::allWriteBufferBytes));
        metrics.addGauge(
                "shared-memory-bytes",
                "What RocksDB has taken of the memory that this store shares with others, in bytes",
                settings.memory()::usedBytes);
    }

    private Opened<E> open(EventDatabase database, StateStoreContext context) {
        TaskContext task = TaskContext.of(context);
        TopicPartition changelog = task.changelogOf(name());
        String topic = changelog != null ? changelog.topic() : name();
        StoreMeta meta = StoreMeta.open(database);
        int[] numbers = new IndexCatalogue(database).reconcile(definition, topic);
        EventCodec<E> codec = new EventCodec<>(definition, topic, numbers);
        EventWriter<E> writer = new EventWriter<>(database, codec, meta);
        position = meta.position();
        uncommitted = Uncommitted.emptyAfter(meta.contents().setNumber());
        forgetDerived(meta);
        return new Opened<>(
                context,
                task,
                changelog,
                database,
                codec,
                meta,
                new StoreMetrics(context.metrics(), context.taskId(), name()),
                writer,
                new EventReader<>(codec, database, () -> uncommitted, guard()::requireOpen));
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
            store.metrics.recordLate();
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
            store.metrics.recordEvicted(removed);
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
                .filter(origin -> origin.topic() != null) // a punctuation has none
                .ifPresent(origin -> position.withComponent(origin.topic(), origin.partition(), origin.offset()));
    }

    private void add(WriteSet.Entry entry, Opened<E> store) {
        WriteSet active = uncommitted.active();
        active.add(entry);
        if (!commitRequested && active.sizeBytes() > maxUncommittedBytes / Uncommitted.SETS) {
            commitRequested = true;
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
        store.database.requireSound();
        Object processed = store.task.lastProcessed();
        boolean committed = processed != sealedAfter; // what is sealed, if anything is
        beforeCommitActions.forEach(Runnable::run);
        commitRequested = false;
        WriteSet active = uncommitted.active();
        if (!active.isEmpty()) {
            evict(store);
        } else if (uncommitted.sealed() == null || !committed) {
            return;
        }
        if (store.changelog == null) {
            writeThrough(active, store);
        } else {
            seal(active, committed, store.changelog, store);
            sealedAfter = processed;
        }
    }

    private void writeThrough(WriteSet active, Opened<E> store) {
        writeBehind.await();
        active.seal(position);
        write(active, null, store);
        moveOn(Uncommitted::dropped);
        writeBehind.submit(() -> store.writer.sweep(writeBehind::isAwaited));
    }

    /** @param committed whether the set that is sealed now is known to be committed */
    private void seal(WriteSet active, boolean committed, TopicPartition changelog, Opened<E> store) {
        WriteSet sealed = uncommitted.sealed();
        OptionalLong offset = store.task.acknowledgedOffset(changelog); // before the active set adds to it
        writeBehind.await();
        log(active, store);
        crashPoints.reached(Moment.LOGGED);
        if (sealed == null || committed) {
            active.seal(position);
            moveOn(Uncommitted::afterSealing);
        } else {
            WriteSet both = sealed.plus(active);
            both.seal(position);
            moveOn(sets -> sets.afterSealing(both));
        }
        crashPoints.reached(Moment.SEALED);
        if (sealed != null && committed) {
            writeBehind(sealed, offset.isPresent() ? offset.getAsLong() : null, store);
        }
    }

    /** Writes a set that is known to be committed, in the background. */
    private void writeBehind(WriteSet set, @Nullable Long offset, Opened<E> store) {
        writeBehind.submit(() -> {
            write(set, offset, store);
            moveOn(sets -> sets.afterWriting(set));
            store.writer.sweep(writeBehind::isAwaited);
        });
    }

    private void write(WriteSet set, @Nullable Long offset, Opened<E> store) {
        crashPoints.reached(Moment.WRITING);
        writeRows(store, set, offset, set.position());
        crashPoints.reached(Moment.WRITTEN);
    }

    private static void writeRows(
            Opened<?> store, WriteSet set, @Nullable Long offset, @Nullable Position setPosition) {
        long startNanos = System.nanoTime();
        long rowsBefore = store.database.rowsWritten();
        store.writer.write(set, offset, setPosition);
        store.metrics.recordFlush(System.nanoTime() - startNanos, store.database.rowsWritten() - rowsBefore);
    }

    /** Both the StreamThread and the thread that writes move sets on. */
    private synchronized void moveOn(UnaryOperator<Uncommitted> step) {
        uncommitted = step.apply(uncommitted);
    }

    private void log(WriteSet set, Opened<E> store) {
        long now = store.task.currentSystemTimeMs();
        List<WriteSet.Entry> entries = set.visible(set.length());
        Floor raised = set.floor(set.length());
        if (raised != null) {
            crashPoints.reached(Moment.LOGGING);
            store.task.log(name(), Floor.key(), raised.write(), now, entries.isEmpty() ? position : null);
        }
        for (WriteSet.Entry entry : entries) {
            PreparedEvent<?> event = entry.liveAbove(floor);
            crashPoints.reached(Moment.LOGGING);
            // The broker refuses timestamps too far in the future, and negative ones.
            long timestampMs =
                    event == null ? now : Math.max(0, Math.min(now, Math.floorDiv(event.timestampNanos(), 1_000_000L)));
            Position complete = entry == entries.get(entries.size() - 1) ? position : null;
            store.task.log(name(), entry.id.get(), event == null ? null : event.payload(), timestampMs, complete);
        }
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        Opened<E> store = opened();
        crashPoints.reached(Moment.COMMITTED);
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
            writeBehind(sealed, offset, store);
        } else if (offset != null) {
            writeRows(store, new WriteSet(), offset, null);
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
        WriteSet batch = new WriteSet();
        Position restored = position.copy();
        long lastOffset = StoreMeta.OFFSET_UNKNOWN;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            batch.add(restored(record, store.codec));
            TaskContext.mergePosition(record, restored);
            lastOffset = record.offset();
        }
        writeRows(store, batch, lastOffset == StoreMeta.OFFSET_UNKNOWN ? null : lastOffset, restored);
        position.merge(restored);
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
    StoreMetrics metrics() {
        return opened().metrics;
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
        writeBehind.reset();
        if (store != null) {
            store.metrics.close();
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
            StoreMetrics metrics,
            EventWriter<E> writer,
            EventReader<E> reader) {}
}
