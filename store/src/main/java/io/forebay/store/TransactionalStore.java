package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.CommitActions;
import io.forebay.store.internal.streams.CommitAware;
import io.forebay.store.internal.streams.RestoreCallback;
import io.forebay.store.internal.streams.TaskContext;
import java.io.File;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * A store that is a double buffer over RocksDB and moves in step with the commits of its task ({@link CommitProtocol}). What is in it is a matter
 * of the subclass: its sets of changes, their rows, and their records in the changelog ({@link StoreContents}).
 *
 * <p>This class is what Kafka Streams sees: it opens, restores and closes, and passes on what is said about commits.
 *
 * <p><b>Threads.</b> The StreamThread writes. Readers on other threads are admitted through {@link CloseGuard}, so that the
 * database is not closed under them.
 */
abstract class TransactionalStore<S extends ChangeSet> extends QueriedStore implements StateStore, CommitAware {

    private final CommitSettings commits;
    private final RocksSettings settings;
    private final CommitActions beforeCommitActions = new CommitActions();
    private final WriteBehind writeBehind = new WriteBehind();

    /** Of this opening, or of the last one. */
    private Position position = Position.emptyPosition();

    private @Nullable OpenedStore<S> opened;

    /** Whether rows have changed around the memory. */
    private boolean derivedIsStale;

    TransactionalStore(String name, CommitSettings commits, RocksSettings settings) {
        super(settings.kind(), name);
        this.commits = commits;
        this.settings = settings;
    }

    // ---- what a kind of store adds

    /** Makes what reads and writes this kind of store, when all else is open. */
    abstract StoreContents<S> openContents(StoreCore core);

    /** Lets go of that; the database is closed. */
    abstract void closeContents();

    /** What the rows say has changed around the memory: forget what was derived from them. */
    abstract void forgetDerived();

    /**
     * Adds to the active set what is to be part of the commit that is about to come; only if there is one.
     *
     * @param flushed whether what was sent before the last time is known to have arrived
     */
    abstract void completeActive(boolean flushed);

    /** The commit that was prepared last has succeeded. */
    void committed() {}

    /** What is known of it and is not in the sets, unnumbered. */
    S committedSet() {
        return opened().contents().newSet(ChangeSet.UNNUMBERED, false);
    }

    // ---- opening and closing

    @Override
    public final void init(StateStoreContext context, StateStore root) {
        File directory = new File(new File(context.stateDir(), "forebay"), name());
        OpenedStore<S> store = new StoreDirectory(directory, settings).open(database -> open(database, context));
        opened = store;
        guard().open();
        try {
            beforeCommitActions.open(context);
            store.addGauges(guard(), settings.memory());
            context.register(root, (RestoreCallback) this::restore);
        } catch (RuntimeException | Error e) {
            close(); // Kafka Streams closes only what is registered
            throw e;
        }
    }

    private OpenedStore<S> open(EventDatabase database, StateStoreContext context) {
        TaskContext task = TaskContext.of(context);
        StoreMeta meta = StoreMeta.open(database);
        position = meta.position();
        StoreMetrics metrics = new StoreMetrics(settings.kind(), context.metrics(), context.taskId(), name());
        try {
            StoreCore core =
                    new StoreCore(name(), context, task, task.changelogOf(name()), database, meta, metrics, position);
            OpenedStore<S> store = OpenedStore.of(core, openContents(core), commits, writeBehind);
            metrics.recordRows(database.rowsWritten());
            return store;
        } catch (RuntimeException e) {
            metrics.close();
            throw e;
        }
    }

    /** Drops what is not written: after a clean close that is nothing, after a crash of the task it is uncommitted. */
    @Override
    public final void close() {
        OpenedStore<S> store = opened;
        if (store != null) {
            store.core().metrics().close();
            guard().close(() -> {
                writeBehind.awaitQuietly(); // readers, who have gone, may have had something written
                store.core().database().close();
            });
            opened = null;
            closeContents();
        }
        beforeCommitActions.close();
        writeBehind.reset();
    }

    // ---- changing

    /**
     * To be called with what has had its effect on the store: a query with a {@code PositionBound}, on another thread, believes at once
     * that it is there. {@link #settleForWriting} is to be called before anything is looked at or added.
     */
    final void advancePosition(Position seen) {
        position.merge(seen);
    }

    /** The same for the record that is being processed. */
    final void advancePosition() {
        core().context()
                .recordMetadata()
                .filter(origin -> origin.topic() != null) // a punctuation has none
                .ifPresent(origin -> position.withComponent(origin.topic(), origin.partition(), origin.offset()));
    }

    final S active() {
        return opened().sets().active();
    }

    final Uncommitted<S> uncommitted() {
        return opened().sets().current();
    }

    final long maxUncommittedBytes() {
        return commits.maxUncommittedBytes();
    }

    /** To be called when the active set has grown. */
    final void activeHasGrown() {
        opened().protocol().activeHasGrown();
    }

    // ---- committing

    public Runnable beforeCommit(Runnable action) {
        return beforeCommitActions.add(Objects.requireNonNull(action, "action"));
    }

    @Override
    public final void beforeCommit() {
        OpenedStore<S> store = opened();
        store.core().database().requireSound();
        settleForWriting();
        store.protocol().prepare(beforeCommitActions, this::completeActive);
    }

    @Override
    public final void commit(Map<TopicPartition, Long> changelogOffsets) {
        OpenedStore<S> store = opened();
        commits.crashPoints().reached(Moment.COMMITTED);
        settle();
        TopicPartition changelog = store.core().changelog();
        if (changelog == null) {
            return; // written before the commit; this is no proof of one, as it comes when a task has failed as well
        }
        Long offset = changelogOffsets.get(changelog);
        if (offset == null) {
            store.flusher().forgetOffset();
            return;
        }
        committed();
        store.protocol().commit(offset == StoreMeta.OFFSET_UNKNOWN ? null : offset, this::committedSet);
    }

    @Override
    public final @Nullable Long committedOffset(TopicPartition partition) {
        StoreCore core = core();
        settle();
        writeBehind.await();
        return partition.equals(core.changelog()) ? core.meta().offset() : null;
    }

    @Override
    @SuppressWarnings("deprecation") // the way to say it until Kafka takes it for granted
    public final boolean managesOffsets() {
        return true;
    }

    @Override
    public final boolean persistent() {
        return true;
    }

    @Override
    public final void dropUncommitted() {
        writeBehind.awaitQuietly();
        OpenedStore<S> store = opened;
        if (store != null) {
            store.restoration().drop();
            store.protocol().drop();
            forgetDerived();
        }
    }

    // ---- restoring

    private void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
        OpenedStore<S> store = opened();
        derivedIsStale = true;
        store.restore(records);
    }

    /** Has everything restored in RocksDB. */
    @Override
    final void settle() {
        opened().settle();
    }

    /** The same, for the StreamThread, which may be about to change something. */
    final void settleForWriting() {
        if (derivedIsStale) {
            settle();
            forgetDerived();
            derivedIsStale = false;
        }
    }

    // ---- reading

    @Override
    final Position position(IsolationLevel isolation) {
        if (isolation == IsolationLevel.READ_UNCOMMITTED) {
            return position.copy();
        }
        S writing = uncommitted().writing(); // if it has gone meanwhile, it is on disk
        Position committed = writing == null ? null : writing.position();
        return committed != null ? committed.copy() : core().meta().position();
    }

    @Override
    public final Position getPosition() {
        return position;
    }

    @Override
    final StoreMetrics metrics() {
        return core().metrics();
    }

    @Override
    final int partition() {
        return core().context().taskId().partition();
    }

    final StoreCore core() {
        return opened().core();
    }

    private OpenedStore<S> opened() {
        if (opened == null) {
            throw closed();
        }
        return opened;
    }
}
