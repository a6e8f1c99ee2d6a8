package io.forebay.processor;

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
 * for all of them, and so the time for it is counted once: from the first task of a commit.
 */
final class StreamThreadPace {

    private static final ThreadLocal<StreamThreadPace> CURRENT = ThreadLocal.withInitial(StreamThreadPace::new);

    private boolean roundKnown;
    private long roundStartNanos;
    private boolean committing;
    private long commitStartNanos;

    private StreamThreadPace() {}

    static StreamThreadPace ofThisThread() {
        return CURRENT.get();
    }

    /** A round is over. */
    void roundEnded(long nowNanos) {
        roundKnown = true;
        roundStartNanos = nowNanos;
        committing = false;
    }

    /** A record is being processed. */
    void processing() {
        committing = false;
    }

    /** When the round began, as far as that is known. */
    long roundStartNanos(long nowNanos) {
        if (!roundKnown) {
            roundEnded(nowNanos);
        }
        return roundStartNanos;
    }

    /**
     * When the commit that is being prepared began.
     *
     * @param forgetAfterNanos an earlier one that began longer ago than this is another one
     */
    long commitStartNanos(long nowNanos, long forgetAfterNanos) {
        if (!committing || nowNanos - commitStartNanos > forgetAfterNanos) {
            committing = true;
            commitStartNanos = nowNanos;
        }
        return commitStartNanos;
    }
}
