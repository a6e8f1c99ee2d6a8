package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.CommitActions;
import io.forebay.store.internal.streams.CommitAware;
import io.forebay.store.internal.streams.RestoreCallback;
import io.forebay.store.internal.streams.TaskContext;
import java.io.File;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * A store that is a double buffer over RocksDB and moves in step with the commits of its task. What is in it is a matter of the
 * subclass: its sets of changes, their rows, and their records in the changelog ({@link Contents}).
 *
 * <p><b>Protocol.</b> There are at most three sets of changes in memory. Puts go to the <em>active</em> set. Before a commit
 * ({@link #beforeCommit()}) what of it is not in the changelog topic yet is written there, and it becomes the <em>sealed</em> set, which goes to RocksDB,
 * in the background and in one batch with its changelog offset, when that commit is known to have succeeded: when {@link #commit} says so, or
 * something has been processed since (a task does not process anything between preparing a commit and having committed). Until then, what
 * is put is sealed together with it, and not logged ahead. So RocksDB never holds anything uncommitted, even under exactly-once, and what a crash takes
 * from memory is in the changelog beyond the offset that RocksDB holds, or was never committed.
 *
 * <p>Without a changelog there is nothing to fall back on: the active set goes to RocksDB before the commit. Nothing committed is
 * lost with the process then, but RocksDB may hold what is processed again, under exactly-once as well.
 *
 * <p><b>Threads.</b> The StreamThread writes. Readers on other threads are admitted through {@link CloseGuard}, so that the
 * database is not closed under them.
 */
abstract class TransactionalStore<S extends ChangeSet> extends QueriedStore implements StateStore, CommitAware {

    private static final Duration FREQUENT_COMMITS = Duration.ofSeconds(1);

    private final LongFunction<S> newSet;
    private final CommitSettings commits;
    private final RocksSettings settings;
    private final CrashPoints crashPoints;
    private final CommitActions beforeCommitActions = new CommitActions();

    private final WriteBehind writeBehind = new WriteBehind();
    private final Restoration<S> restoration;
    private Position position = Position.emptyPosition();
    private volatile Uncommitted<S> uncommitted;
    private boolean commitRequested;

    /** Whether something of the active set is in the changelog: what is acknowledged goes beyond what RocksDB may have. */
    private boolean partlyLogged;

    /** More changes than that are logged ahead together. */
    private int loggedTogether = Integer.MAX_VALUE;

    /** Whether a commit is being prepared: what is put now looks as if it were processed after the one before. */
    private boolean preparing;

    private @Nullable Opened<S> opened;

    /** What the task had processed last when the sealed set was sealed. */
    private @Nullable Object sealedAfter;

    /** What the task had processed last when a commit was prepared, whether there was anything to seal or not. */
    private @Nullable Object preparedAfter;

    /** Whether rows have changed around the memory. */
    private boolean derivedIsStale;

    /** @param newSet makes the set of changes with a number */
    TransactionalStore(String name, LongFunction<S> newSet, CommitSettings commits, RocksSettings settings) {
        super(settings.kind(), name);
        this.newSet = newSet;
        this.uncommitted = Uncommitted.emptyAfter(ChangeSet.UNNUMBERED, newSet);
        this.commits = commits;
        this.restoration = new Restoration<>(newSet, commits.maxUncommittedBytes() / Uncommitted.SETS, writeBehind);
        this.settings = settings;
        this.crashPoints = commits.crashPoints();
    }

    /** Everything in one set and then everything in a later one. */
    abstract S union(S earlier, S later);

    /** Makes what reads and writes this kind of store, when all else is open. */
    abstract Contents<S> openContents(Core core);

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

    /** What is known of it and is not in the sets, unnumbered; or null if there is nothing to note. */
    @Nullable
    S committedSet() {
        return null;
    }

    /** How the sets of one kind of store get to the disk and to the changelog, and back. */
    interface Contents<S extends ChangeSet> {

        /** Writes to the changelog what of a set is not logged yet, or has changed since: in any order, one record for each key. */
        void log(S set, ChangelogWriter changelog);

        /** Writes a part of it before that; at least one change is left to be logged, and may still be replaced. */
        void logAhead(S set, ChangelogWriter changelog);

        /** Adds what a record of the changelog says. */
        void restore(ConsumerRecord<byte[], byte[]> record, S into);

        /**
         * Writes a set to RocksDB, in one batch.
         *
         * @param offset the changelog offset it stands for, or null to leave it as it is
         * @param position what has been put into the store with it, or null to leave it as it is
         */
        void write(S set, @Nullable Long offset, @Nullable Position position);

        /** Does a little of what can wait; whether there is more. */
        boolean tidySlice();
    }

    @Override
    public final void init(StateStoreContext context, StateStore root) {
        File directory = new File(new File(context.stateDir(), "forebay"), name());
        opened = new StoreDirectory(directory, settings).open(database -> open(database, context));
        guard().open();
        try {
            beforeCommitActions.open(context);
            addGauges(opened().core);
            context.register(root, (RestoreCallback) this::restore);
        } catch (RuntimeException | Error e) {
            close(); // Kafka Streams closes only what is registered
            throw e;
        }
    }

    /** Asked for by any thread, at any time. */
    private void addGauges(Core core) {
        StoreMetrics metrics = core.metrics;
        metrics.addGauge(
                "uncommitted-bytes", "What is kept in memory until it is committed, in bytes", this::uncommittedBytes);
        metrics.addGauge("open-iterators", "Iterators over RocksDB that are open", core.database::openIterators);
        metrics.addGauge(
                "write-buffer-bytes",
                "What RocksDB keeps of this store in write buffers, in bytes",
                () -> guard().readOr(0L, core.database::allWriteBufferBytes));
        metrics.addGauge(
                "shared-memory-bytes",
                "What RocksDB has taken of the memory that this store shares with others, in bytes",
                settings.memory()::usedBytes);
    }

    private Opened<S> open(EventDatabase database, StateStoreContext context) {
        TaskContext task = TaskContext.of(context);
        TopicPartition changelog = task.changelogOf(name());
        StoreMeta meta = StoreMeta.open(database);
        position = meta.position();
        loggedTogether = changelog != null && logsAhead(context, task) ? commits.loggedTogether() : Integer.MAX_VALUE;
        uncommitted = Uncommitted.emptyAfter(meta.contents().setNumber(), newSet);
        StoreMetrics metrics = new StoreMetrics(settings.kind(), context.metrics(), context.taskId(), name());
        try {
            Core core = new Core(context, task, changelog, database, meta, metrics);
            Opened<S> store = new Opened<>(core, openContents(core));
            metrics.recordRows(database.rowsWritten());
            return store;
        } catch (RuntimeException e) {
            metrics.close();
            throw e;
        }
    }

    /**
     * Whether changes may be logged before their commit is prepared. Not without transactions: a crash would leave them in the changelog while
     * what they have led to downstream is lost, and when they are processed again they are nothing new. And not where commits are
     * rare: most of what is logged would be replaced before the commit.
     */
    private static boolean logsAhead(StateStoreContext context, TaskContext task) {
        return TaskContext.isExactlyOnce(context) && task.commitInterval().compareTo(FREQUENT_COMMITS) <= 0;
    }

    /** What is in memory and not known to be in RocksDB, restored or put, in bytes. */
    final long uncommittedBytes() {
        return uncommitted.sizeBytes() + restoration.sizeBytes();
    }

    /**
     * To be called with what has had its effect on the store: a query with a {@code PositionBound}, on another thread, believes at once
     * that it is there. {@link #settleForWriting} is to be called before anything is looked at or added.
     */
    final void advancePosition(Position seen) {
        position.merge(seen);
    }

    /** The same for the record that is being processed. */
    final void advancePosition() {
        core().context
                .recordMetadata()
                .filter(origin -> origin.topic() != null) // a punctuation has none
                .ifPresent(origin -> position.withComponent(origin.topic(), origin.partition(), origin.offset()));
    }

    final S active() {
        return uncommitted.active();
    }

    final Uncommitted<S> uncommitted() {
        return uncommitted;
    }

    final long maxUncommittedBytes() {
        return commits.maxUncommittedBytes();
    }

    /** To be called when the active set has grown. */
    final void activeHasGrown() {
        if (uncommitted.active().unlogged() > loggedTogether && !preparing) {
            logAhead();
        }
        limitUncommitted();
    }

    /**
     * Writes to the changelog what has come together in the active set, all but the last change. The producer sends it while the task goes
     * on, so that the commit has less to wait for. What is sealed has to be handed over before: it stands for the records up to now.
     */
    private void logAhead() {
        Opened<S> store = opened();
        TopicPartition changelog =
                Objects.requireNonNull(store.core.changelog, "nothing is logged without a changelog");
        S sealed = uncommitted.sealed();
        if (sealed != null) {
            if (store.core.task.lastProcessed() == sealedAfter || !writeBehind.isIdle()) {
                return;
            }
            handOver(sealed, changelog, store);
        }
        partlyLogged = true;
        store.contents.logAhead(uncommitted.active(), changelogWriter(store));
    }

    /**
     * Asks for a commit if there is too much in memory. The active set has half of it, so that the other half can be on its way to the
     * disk; a commit that finds no room for one more set there waits for it.
     */
    private void limitUncommitted() {
        if (!commitRequested && isTooMuch(uncommitted)) {
            commitRequested = true;
            core().task.requestCommit();
        }
    }

    private boolean isTooMuch(Uncommitted<S> sets) {
        return sets.active().sizeBytes() > maxUncommittedBytes() / 2 || sets.sizeBytes() > maxUncommittedBytes();
    }

    public Runnable beforeCommit(Runnable action) {
        return beforeCommitActions.add(Objects.requireNonNull(action, "action"));
    }

    @Override
    public final void beforeCommit() {
        Opened<S> store = opened();
        store.core.database.requireSound();
        settleForWriting();
        preparing = true;
        try {
            prepareCommit(store);
        } finally {
            preparing = false;
        }
    }

    private void prepareCommit(Opened<S> store) {
        if (!beforeCommitActions.empty()) {
            return;
        }
        Object processed = store.core.task.lastProcessed();
        boolean committed = processed != sealedAfter; // what is sealed, if anything is
        boolean flushed = processed != preparedAfter;
        preparedAfter = processed;
        commitRequested = false;
        completeActive(flushed);
        S active = uncommitted.active();
        if (active.isEmpty() && (uncommitted.sealed() == null || !committed)) {
            return;
        }
        if (store.core.changelog == null) {
            writeThrough(active, store);
        } else {
            seal(active, committed, store.core.changelog, store);
            sealedAfter = processed;
        }
    }

    private void writeThrough(S active, Opened<S> store) {
        writeBehind.await();
        active.seal(position);
        moveOn(sets -> sets.afterSealing(active).afterCommit());
        write(active, null, store);
        moveOn(sets -> sets.afterWriting(active));
        writeBehind.submit(() -> {}, () -> tidySlice(store));
    }

    /**
     * First has what is committed written, so that this goes on while the active set is logged and the task commits.
     *
     * @param committed whether the set that is sealed now is known to be committed
     */
    private void seal(S active, boolean committed, TopicPartition changelog, Opened<S> store) {
        S sealed = uncommitted.sealed();
        if (sealed != null && committed) {
            handOver(sealed, changelog, store);
        }
        partlyLogged = true;
        store.contents.log(active, changelogWriter(store));
        crashPoints.reached(Moment.LOGGED);
        S set = sealed == null || committed ? active : union(sealed, active);
        if (!set.isEmpty()) {
            set.seal(position);
            moveOn(sets -> sets.afterSealing(set));
        }
        partlyLogged = false;
        crashPoints.reached(Moment.SEALED);
    }

    private ChangelogWriter changelogWriter(Opened<S> store) {
        return new ChangelogWriter(name(), store.core.task, crashPoints, position);
    }

    /** Has the sealed set, which is known to be committed, written. Nothing of the active one is in the changelog yet. */
    private void handOver(S sealed, TopicPartition changelog, Opened<S> store) {
        OptionalLong offset = store.core.task.acknowledgedOffset(changelog);
        writeBehind(sealed, offset.isPresent() ? offset.getAsLong() : null, store);
    }

    /** Writes the sealed set, which is known to be committed, in the background, when the one before it is written. */
    private void writeBehind(S set, @Nullable Long offset, Opened<S> store) {
        writeBehind.await();
        moveOn(Uncommitted::afterCommit);
        writeBehind.submit(
                () -> {
                    write(set, offset, store);
                    moveOn(sets -> sets.afterWriting(set));
                },
                () -> tidySlice(store));
    }

    private void write(S set, @Nullable Long offset, Opened<S> store) {
        crashPoints.reached(Moment.WRITING);
        writeRows(store, set, offset, set.position());
        crashPoints.reached(Moment.WRITTEN);
    }

    private static <S extends ChangeSet> void writeRows(
            Opened<S> store, S set, @Nullable Long offset, @Nullable Position setPosition) {
        long startNanos = System.nanoTime();
        long rowsBefore = store.core.database.rowsWritten();
        store.contents.write(set, offset, setPosition);
        store.core.metrics.recordFlush(System.nanoTime() - startNanos, store.core.database.rowsWritten() - rowsBefore);
    }

    private static boolean tidySlice(Opened<?> store) {
        long rowsBefore = store.core.database.rowsWritten();
        boolean more = store.contents.tidySlice();
        store.core.metrics.recordRows(store.core.database.rowsWritten() - rowsBefore);
        return more;
    }

    /** Both the StreamThread and the thread that writes move sets on. */
    private synchronized void moveOn(UnaryOperator<Uncommitted<S>> step) {
        uncommitted = step.apply(uncommitted);
    }

    @Override
    public final void commit(Map<TopicPartition, Long> changelogOffsets) {
        Opened<S> store = opened();
        crashPoints.reached(Moment.COMMITTED);
        settle();
        TopicPartition changelog = store.core.changelog;
        if (changelog == null) {
            return; // written before the commit; and this is no proof of one, as it is called for a task that has
            // failed as well
        }
        if (changelogOffsets.isEmpty() || changelogOffsets.get(changelog) == null) {
            writeBehind.await();
            store.core.meta.removeOffset();
            return;
        }
        long changelogOffset = changelogOffsets.get(changelog);
        Long offset = changelogOffset == StoreMeta.OFFSET_UNKNOWN ? null : changelogOffset;
        committed();
        S sealed = uncommitted.sealed();
        if (sealed != null) {
            writeBehind(sealed, offset, store);
        } else if (offset != null && !partlyLogged) {
            writeBehind.await();
            S known = committedSet();
            writeRows(store, known != null ? known : newSet.apply(ChangeSet.UNNUMBERED), offset, null);
        }
    }

    @Override
    public final @Nullable Long committedOffset(TopicPartition partition) {
        Core core = core();
        settle();
        writeBehind.await();
        return partition.equals(core.changelog) ? core.meta.offset() : null;
    }

    private void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
        Opened<S> store = opened();
        derivedIsStale = true;
        restoration.restore(records, position, store.contents, this::writeRestored);
    }

    private void writeRestored(S set, long offset, Position restored) {
        writeRows(opened(), set, offset, restored);
        position.merge(restored);
    }

    /** Has everything restored in RocksDB. */
    @Override
    final void settle() {
        restoration.settle(this::writeRestored);
    }

    /** The same, for the StreamThread, which may be about to change something. */
    final void settleForWriting() {
        if (derivedIsStale) {
            settle();
            forgetDerived();
            derivedIsStale = false;
        }
    }

    @Override
    public final void dropUncommitted() {
        writeBehind.awaitQuietly();
        restoration.drop();
        moveOn(Uncommitted::dropped);
        partlyLogged = false;
        if (opened != null) {
            forgetDerived();
        }
    }

    @Override
    final StoreMetrics metrics() {
        return core().metrics;
    }

    @Override
    final int partition() {
        return core().context.taskId().partition();
    }

    @Override
    final Position position(IsolationLevel isolation) {
        if (isolation == IsolationLevel.READ_UNCOMMITTED) {
            return position.copy();
        }
        S writing = uncommitted.writing(); // if it has gone meanwhile, it is on disk
        Position committed = writing == null ? null : writing.position();
        return committed != null ? committed.copy() : core().meta.position();
    }

    @Override
    public final Position getPosition() {
        return position;
    }

    @Override
    public final boolean persistent() {
        return true;
    }

    @Override
    @SuppressWarnings("deprecation") // the way to say it until Kafka takes it for granted
    public final boolean managesOffsets() {
        return true;
    }

    /** Drops what is not written: after a clean close that is nothing, after a crash of the task it is uncommitted. */
    @Override
    public final void close() {
        Opened<S> store = opened;
        if (store != null) {
            store.core.metrics.close();
            guard().close(() -> {
                writeBehind.awaitQuietly(); // readers, who have gone, may have had something written
                store.core.database.close();
            });
            opened = null;
            closeContents();
        }
        beforeCommitActions.close();
        dropUncommitted();
        writeBehind.reset();
    }

    final Core core() {
        return opened().core;
    }

    private Opened<S> opened() {
        if (opened == null) {
            throw closed();
        }
        return opened;
    }

    private record Opened<S extends ChangeSet>(Core core, Contents<S> contents) {}

    /** Everything that exists between init and close, whatever the kind of store. */
    record Core(
            StateStoreContext context,
            TaskContext task,
            @Nullable TopicPartition changelog,
            EventDatabase database,
            StoreMeta meta,
            StoreMetrics metrics) {}
}
