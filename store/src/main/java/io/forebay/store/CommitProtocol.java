package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.CommitActions;
import io.forebay.store.internal.streams.TaskContext;
import java.util.function.Supplier;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * When the changes of a store are logged, sealed, and written to RocksDB.
 *
 * <p><b>Protocol.</b> There are at most three sets of changes in memory. Puts go to the <em>active</em> set. Before a commit
 * ({@link #prepare}) what of it is not in the changelog topic yet is written there, and it becomes the <em>sealed</em> set, which goes to RocksDB,
 * in the background and in one batch with its changelog offset, when that commit is known to have succeeded: when {@link #commit} says so, or
 * something has been processed since (a task does not process anything between preparing a commit and having committed). Until then, what
 * is put is sealed together with it, and not logged ahead. So RocksDB never holds anything uncommitted, even under exactly-once, and what a crash takes
 * from memory is in the changelog beyond the offset that RocksDB holds, or was never committed.
 *
 * <p>The offset says that everything up to it is in the rows. So a sealed set that is known to be committed is handed over for writing before anything of the
 * next one is in the changelog; and while something of the active set is there, no offset is noted for what came before.
 *
 * <p>Without a changelog there is nothing to fall back on: the active set goes to RocksDB before the commit. Nothing committed is
 * lost with the process then, but RocksDB may hold what is processed again, under exactly-once as well.
 *
 * <p>Belongs to the StreamThread.
 */
final class CommitProtocol<S extends ChangeSet> {

    private final TaskContext task;
    private final UncommittedSets<S> sets;
    private final Flusher<S> flusher;
    private final @Nullable Changelog<S> changelog;
    private final Position position;
    private final long maxUncommittedBytes;
    private final CrashPoints crashPoints;

    /** What the task had processed last when the sealed set was sealed. */
    private @Nullable Object sealedAfter;

    /** What the task had processed last when a commit was prepared, whether there was anything to seal or not. */
    private @Nullable Object preparedAfter;

    /** Whether a commit is being prepared: what is put now looks as if it were processed after the one before. */
    private boolean preparing;

    private boolean commitRequested;

    /** @param changelog null if the store is not logged */
    CommitProtocol(
            StoreCore core,
            UncommittedSets<S> sets,
            Flusher<S> flusher,
            @Nullable Changelog<S> changelog,
            CommitSettings commits) {
        this.task = core.task();
        this.sets = sets;
        this.flusher = flusher;
        this.changelog = changelog;
        this.position = core.position();
        this.maxUncommittedBytes = commits.maxUncommittedBytes();
        this.crashPoints = commits.crashPoints();
    }

    /** To be called when the active set has grown. */
    void activeHasGrown() {
        if (changelog != null && changelog.isWorthLogging(sets.active()) && !preparing) {
            logAhead(changelog);
        }
        limitUncommitted();
    }

    /** Logs ahead of the commit. What is sealed has to be handed over before: it stands for the records up to now. */
    private void logAhead(Changelog<S> log) {
        if (sets.sealed() != null) {
            S committed = committed();
            if (committed == null || !flusher.isIdle()) {
                return;
            }
            handOver(committed, log);
        }
        log.logAhead(sets.active());
    }

    /**
     * Asks for a commit if there is too much in memory. The active set has half of it, so that the other half can be on its way to the
     * disk; a commit that finds no room for one more set there waits for it.
     */
    private void limitUncommitted() {
        if (!commitRequested && isTooMuch(sets.current())) {
            commitRequested = true;
            task.requestCommit();
        }
    }

    private boolean isTooMuch(Uncommitted<S> current) {
        return current.active().sizeBytes() > maxUncommittedBytes / 2 || current.sizeBytes() > maxUncommittedBytes;
    }

    /** Adds to the active set what is to be part of a commit. */
    interface Completion {

        /** @param flushed whether what was sent before the last time is known to have arrived */
        void complete(boolean flushed);
    }

    /**
     * Prepares a commit, once or several times, whether it comes or not.
     *
     * @param actions what is to be done before, which may put
     * @param completion what is to be added when they are done
     */
    void prepare(CommitActions actions, Completion completion) {
        preparing = true;
        try {
            if (actions.empty()) {
                seal(completion);
            }
        } finally {
            preparing = false;
        }
    }

    private void seal(Completion completion) {
        Object processed = task.lastProcessed();
        boolean flushed = processed != preparedAfter;
        preparedAfter = processed;
        commitRequested = false;
        completion.complete(flushed);
        S committed = committed();
        if (sets.active().isEmpty() && committed == null) {
            return;
        }
        if (changelog == null) {
            flusher.flushActive(position);
            return;
        }
        if (committed != null) {
            handOver(committed, changelog);
        }
        logAndSeal(changelog);
        sealedAfter = processed;
    }

    /** The sealed set, if its commit is known to have succeeded: something has been processed since. */
    private @Nullable S committed() {
        return task.lastProcessed() == sealedAfter ? null : sets.sealed();
    }

    /** What is committed may be written meanwhile. */
    private void logAndSeal(Changelog<S> log) {
        log.log(sets.active());
        sets.seal(position);
        log.startSet();
        crashPoints.reached(Moment.SEALED);
    }

    /** Has the sealed set, which is known to be committed, written. Nothing of the active one is in the changelog yet. */
    private void handOver(S sealed, Changelog<S> log) {
        flusher.flushSealed(sealed, log.acknowledgedOffset());
    }

    /**
     * The commit that was prepared last has succeeded.
     *
     * @param offset the changelog offset that everything up to it stands for, or null if it is not known
     * @param known what is known of it and is in none of the sets; asked when nothing is being written
     */
    void commit(@Nullable Long offset, Supplier<S> known) {
        S sealed = sets.sealed();
        if (sealed != null) {
            flusher.flushSealed(sealed, offset);
        } else if (offset != null && !isPartlyLogged()) {
            flusher.noteOffset(offset, known);
        }
    }

    private boolean isPartlyLogged() {
        return changelog != null && changelog.isPartlyLogged();
    }

    /** Forgets everything that is in memory. Nothing is being written. */
    void drop() {
        sets.drop();
        if (changelog != null) {
            changelog.startSet();
        }
    }
}
