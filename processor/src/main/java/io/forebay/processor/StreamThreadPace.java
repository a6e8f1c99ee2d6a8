package io.forebay.processor;

import java.util.ArrayList;
import java.util.List;

/**
 * What the tasks of one StreamThread share, so that together they do not keep it from polling for too long. Belongs to that
 * thread.
 *
 * <p><b>Rounds.</b> A StreamThread processes some records of each task, runs the punctuations that are due, commits if it is
 * time, and looks at the clock: only when half of {@code max.poll.interval.ms} has passed since its last poll does it poll
 * again. A round may thus take half of the interval and no longer. Punctuations tell when one is over, which is all a processor
 * gets to know; so waiting is measured from the last one.
 *
 * <p><b>Commits.</b> The tasks of a thread prepare their commits one after the other. What is waited for goes on at the same time
 * for all of them, because the first one that commits starts what the others have; and so they share the time for it. Only waiting
 * counts: what else holds a commit up, such as a broker that is away, is no reason to give up what is in flight.
 */
final class StreamThreadPace {

    private static final ThreadLocal<StreamThreadPace> CURRENT = ThreadLocal.withInitial(StreamThreadPace::new);

    private final List<BatchLanes<?>> tasks = new ArrayList<>();
    private boolean roundKnown;
    private long roundStartNanos;
    private long commitWaitNanos;
    private long lastCommitWaitNanos;

    StreamThreadPace() {}

    static StreamThreadPace ofThisThread() {
        return CURRENT.get();
    }

    /** A task has come. */
    void join(BatchLanes<?> task) {
        tasks.add(task);
    }

    /** A task has gone, or failed. */
    void leave(BatchLanes<?> task) {
        tasks.remove(task);
    }

    /** Starts what all tasks have, for one of them commits, and the others probably will. */
    void startAll() {
        tasks.forEach(BatchLanes::start);
    }

    /**
     * How much of the time for waiting in a commit the next task may use up if the others are to have some as well.
     *
     * @param leftNanos how much there is for all of them
     * @param callNanos what each of the others may need
     */
    long shareNanos(long leftNanos, long callNanos) {
        long others = tasks.stream().filter(task -> task.items() > 0).count() - 1;
        return others <= 0 ? leftNanos : Math.max(leftNanos / (others + 1), leftNanos - others * callNanos);
    }

    /** A round is over. */
    void roundEnded(long nowNanos) {
        roundKnown = true;
        roundStartNanos = nowNanos;
        commitWaitNanos = 0;
    }

    /** A record is being processed. */
    void processing() {
        commitWaitNanos = 0;
    }

    /** When the round began, as far as that is known. */
    long roundStartNanos(long nowNanos) {
        if (!roundKnown) {
            roundEnded(nowNanos);
        }
        return roundStartNanos;
    }

    /**
     * How much is left of the time for waiting in a commit.
     *
     * @param budgetNanos how much there is for all tasks together
     */
    long commitBudgetNanos(long nowNanos, long budgetNanos) {
        if (nowNanos - lastCommitWaitNanos > budgetNanos) {
            commitWaitNanos = 0; // that was another commit
        }
        return budgetNanos - commitWaitNanos;
    }

    /** So long has a commit waited. */
    void waitedInCommit(long nowNanos, long waitNanos) {
        lastCommitWaitNanos = nowNanos;
        commitWaitNanos += waitNanos;
    }
}
