package io.forebay.buffer;

import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * One partition: its active side, the sealed side in flight, and the accounts. A state machine without any policy; everything
 * but the constructor and {@link #enter()} requires that the caller is inside.
 *
 * <p>With a lock, writers are inside for an append, the processing task for sealing (a swap of references) and for booking
 * results, never while the processor runs: a writer waits for other writers at most. Without a lock (hand-driven) entering
 * costs nothing, and one thread must do everything.
 *
 * <pre>
 *   idle ──claim──▶ processing ──nothing left──▶ idle
 *                    │      ▲
 *               fail │      │ claim (next flush: one more round of attempts)
 *                    ▼      │
 *                   failed: accepts nothing, keeps everything
 * </pre>
 *
 * Epochs number the sealed sides; {@code completedEpoch} follows {@code sealedEpoch} and tells a flush that waits when everything that
 * was active at its start is done.
 */
final class Lane<T, A extends Table<T>> {
    final int index;
    final A active;
    final LaneLock lock = new LaneLock();
    private final @Nullable Condition changed;

    private @Nullable Sealed<T> sealed;
    private boolean processing;
    private boolean drainRequested;
    private boolean closed;
    private boolean stopped;
    private @Nullable Throwable failure;
    private long sealedEpoch;
    private long completedEpoch;
    private long waits;

    long delivered;
    long stale;
    long deleted;
    long deadLettered;
    long dropped;
    long rejected;
    long outdated;
    long failedAttempts;

    Lane(int index, A active, boolean shared) {
        this.index = index;
        this.active = active;
        this.changed = shared ? lock.newCondition() : null;
    }

    void enter() {
        if (changed != null) {
            lock.lock();
        }
    }

    /** Enters if nobody is inside. */
    boolean tryEnter() {
        return changed == null || lock.tryLock();
    }

    void exit() {
        if (changed != null) {
            lock.unlock();
        }
    }

    /** Leaves in the middle of a write, to come back. */
    void leaveForNow() {
        waits++;
        exit();
    }

    /** Waits until something changes: room, the end of a run, a failure, a close. */
    long awaitChange(long nanos) throws InterruptedException {
        if (changed == null) {
            throw new IllegalStateException("a hand-driven buffer never waits");
        }
        waits++;
        return changed.awaitNanos(nanos);
    }

    void signalChange() {
        if (changed != null) {
            changed.signalAll();
        }
    }

    int inFlight() {
        return sealed == null ? 0 : sealed.size();
    }

    int size() {
        return active.size() + inFlight();
    }

    long bytes() {
        return active.bytes() + (sealed == null ? 0 : sealed.bytes());
    }

    /** Why the partition accepts nothing; null if it does. Stays until something has been delivered or dead-lettered. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isProcessing() {
        return processing;
    }

    /** What a new run has to seal to cover everything that is active now. */
    long epochOfActive() {
        return active.size() == 0 ? sealedEpoch : sealedEpoch + 1;
    }

    /** Changes whenever a writer may have been outside the lane, or has sealed, while it made room. */
    long writeEpoch() {
        return waits + sealedEpoch;
    }

    boolean hasCompleted(long epoch) {
        return completedEpoch >= epoch;
    }

    /** Makes the caller responsible for starting a run; if one is going on, it will go for another round instead. */
    boolean claimRun() {
        if (processing) {
            drainRequested = true;
            return false;
        }
        if (stopped || size() == 0) {
            return false;
        }
        processing = true;
        drainRequested = true;
        return true;
    }

    /** Seals the active side unless one is in flight already. */
    @Nullable
    Sealed<T> seal() {
        if (sealed == null && active.size() > 0) {
            sealed = active.seal();
            sealedEpoch++;
        }
        return sealed;
    }

    /** The sealed side that the current run goes on with; null ends the run. */
    @Nullable
    Sealed<T> nextForRun(boolean due) {
        if (!stopped && sealed == null && (drainRequested || due || closed)) {
            drainRequested = false;
            seal();
        }
        if (stopped || sealed == null) {
            processing = false;
            signalChange();
            return null;
        }
        return sealed;
    }

    List<T> peek(int max) {
        return sealed == null ? List.of() : sealed.peek(max);
    }

    /** The first elements of the sealed side are done. */
    void advance(int count) {
        if (sealed == null) {
            throw new IllegalStateException("partition " + index + " has nothing in flight");
        }
        failure = null;
        sealed.advance(count);
        if (sealed.size() == 0) {
            sealed = null;
            active.forgetSealed();
            completedEpoch = sealedEpoch;
        }
        signalChange();
    }

    /** Whether all attempts have failed and no new ones are being made. */
    boolean hasGivenUp() {
        return failure != null && !processing;
    }

    /** Ends the run; everything is kept, nothing is accepted until a later run succeeds. */
    void fail(Throwable cause) {
        failure = cause;
        processing = false;
        drainRequested = false;
        signalChange();
    }

    void close() {
        closed = true;
        signalChange();
    }

    /** Ends the run as soon as possible. */
    void stop() {
        stopped = true;
        signalChange();
    }

    void endRun() {
        processing = false;
        signalChange();
    }
}
