package io.forebay.processor;

import io.forebay.processor.BatchLanes.Commit;
import io.forebay.processor.BatchLanes.EndedCall;
import io.forebay.processor.BatchLanes.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A queue of items, the first of which are in flight. See {@link BatchLanes}.
 *
 * <p>States: <em>idle</em>; <em>calling</em>; <em>cancelled</em>, after a call took too long, until it has really ended; <em>backing
 * off</em>, before the next call of the same batch. A batch that is out of time, or whose failure is permanent, is given up.
 *
 * <p><b>When a batch is out of time.</b> {@code deliveryTimeout} after it became the first of the lane; that of its parts began with
 * the whole. While a commit waits, earlier: so much before the commit's end that every batch behind it can be called once,
 * for as long as calls take here of late, or, if that is more, when it has had its even share. But only what has been
 * <em>tried</em>, which means that a call failed or took as long as it may, is ever given up for a commit's sake. So all comes to an
 * end in the time of a commit, unless calls take long and there are many: then the commit fails, and the next time there are few
 * (see {@code oneBatch}).
 */
final class Lane<T> {

    private enum State {
        IDLE,
        CALLING,
        CANCELLED,
        BACKING_OFF
    }

    /** A cancelled call has this part of a call's time to end before its batch is given up in favour of others. */
    private static final int GRACE_DIVISOR = 10;

    private final BatchLanes<T> lanes;
    private final Deque<T> queue = new ArrayDeque<>();
    private long queueBytes;

    /** When the first of the queue came, as far as it has not been looked at since. */
    private long waitingSinceNanos;

    /** What is left of a batch that is tried in parts; comes before the queue. */
    private final Deque<List<T>> parts = new ArrayDeque<>();

    private State state = State.IDLE;
    private List<T> batch = List.of();

    /** When the batch, or the one that it is a part of, became the first of the lane. */
    private long headStartNanos;

    /** How many calls there have been since. */
    private int calls;

    /** Why the last of them failed; null if none has. */
    private @Nullable Throwable refusal;

    private long batchStartNanos;
    private int failuresInARow;
    private @Nullable BatchCall call;
    private long callStartNanos;

    /** Since when the state is what it is. */
    private long stateStartNanos;

    private long backOffNanos;

    /** How long batches take until they are acknowledged: a moving average; 0 before the first one has been. */
    private long usualLatencyNanos;

    /** How long the last call took, however it ended. */
    private long lastCallNanos = Long.MAX_VALUE;

    Lane(BatchLanes<T> lanes) {
        this.lanes = lanes;
    }

    void add(T item, long size) {
        if (queue.isEmpty()) {
            waitingSinceNanos = lanes.nanoTime();
        }
        queue.add(item);
        queueBytes += size;
        if (state == State.IDLE && parts.isEmpty() && isFull()) {
            begin(lanes.nanoTime());
        }
    }

    /**
     * Whether one more item can be written in time, judging by how long batches have taken here and how long the one in flight has
     * been taking. A batch is always collected while another one is in flight, unless there is to be one only.
     */
    boolean admits() {
        Settings<T> settings = lanes.settings();
        if (settings.oneBatch()) {
            return state == State.IDLE && parts.isEmpty();
        }
        if (!isFull()) {
            return true;
        }
        long inFlightNanos = state == State.IDLE ? 0 : lanes.nanoTime() - headStartNanos;
        long latencyNanos = Math.max(usualLatencyNanos, inFlightNanos);
        return usualLatencyNanos > 0 && latencyNanos <= settings.drainNanos() / (2 + fullBatches());
    }

    private boolean isFull() {
        return fullBatches() > 0;
    }

    /** How many full batches wait in the queue. */
    private long fullBatches() {
        Settings<T> settings = lanes.settings();
        return Math.max(queue.size() / settings.batchItems(), queueBytes / settings.batchBytes());
    }

    /** Does what time, or a flush, makes due. */
    void turn(long now, boolean flush) {
        boolean changed = true;
        while (changed) {
            changed = switch (state) {
                case IDLE -> isDue(now, flush) && begin(now);
                case CALLING -> nanosUntilTurn(now) <= 0 && cancel(now);
                case CANCELLED -> nanosUntilTurn(now) <= 0 && giveUpCall(now);
                case BACKING_OFF -> nanosUntilTurn(now) <= 0 && callAgain(now);
            };
        }
    }

    /** Starts what waits; tells nobody anything. */
    void start(long now) {
        if (state == State.IDLE && parts.isEmpty() && !queue.isEmpty()) {
            begin(now);
        }
    }

    private boolean isDue(long now, boolean flush) {
        return nanosUntilDue(now) <= 0 || !queue.isEmpty() && (flush || isFull());
    }

    /** How long nothing has to be done here, unless a call ends. */
    long nanosUntilTurn(long now) {
        return switch (state) {
            case IDLE -> nanosUntilDue(now);
            case CALLING -> Math.min(nanosLeft(now), lanes.settings().callTimeoutNanos() - (now - stateStartNanos));
            case CANCELLED -> nanosLeftToEnd(now);
            case BACKING_OFF -> Math.min(nanosLeft(now), backOffNanos - (now - stateStartNanos));
        };
    }

    private long nanosUntilDue(long now) {
        if (!parts.isEmpty()) {
            return 0;
        }
        return queue.isEmpty() ? Long.MAX_VALUE : lanes.settings().lingerNanos() - (now - waitingSinceNanos);
    }

    /** How much longer the batch is tried. */
    private long nanosLeft(long now) {
        long left = lanes.settings().deliveryTimeoutNanos() - (now - headStartNanos);
        boolean tried = refusal != null || state == State.CANCELLED;
        Commit commit = lanes.commit();
        return commit == null || !tried ? left : Math.min(left, nanosOfCommit(commit, now));
    }

    /** How much of the time of a commit there is left for this batch. */
    private long nanosOfCommit(Commit commit, long now) {
        long elapsed = Math.min(now - commit.sinceNanos(), now - headStartNanos);
        long all = commit.untilNanos() - now + elapsed;
        long behind = queue.isEmpty() ? 0 : 1 + fullBatches();
        long callNanos = Math.min(lanes.settings().callTimeoutNanos(), Math.max(usualLatencyNanos, lastCallNanos));
        return Math.max(all / (1 + behind), all - behind * callNanos) - elapsed;
    }

    /** How much longer a cancelled call may take to end. */
    private long nanosLeftToEnd(long now) {
        Commit commit = lanes.commit();
        if (commit == null) {
            return nanosLeft(now);
        }
        long graceNanos = lanes.settings().callTimeoutNanos() / GRACE_DIVISOR - (now - stateStartNanos);
        return Math.min(commit.untilNanos() - now, Math.max(graceNanos, nanosLeft(now)));
    }

    private boolean begin(long now) {
        if (parts.isEmpty()) {
            batch = fromQueue(now);
            headStartNanos = now;
            calls = 0;
            refusal = null;
        } else {
            batch = parts.removeFirst();
        }
        batchStartNanos = now;
        failuresInARow = 0;
        lanes.inFlight(1);
        if (refusal != null && nanosLeft(now) <= 0) {
            giveUp(refusal);
        } else {
            call(now);
        }
        return true;
    }

    private List<T> fromQueue(long now) {
        Settings<T> settings = lanes.settings();
        List<T> taken = new ArrayList<>(Math.min(queue.size(), settings.batchItems()));
        long takenBytes = 0;
        while (!queue.isEmpty() && taken.size() < settings.batchItems() && takenBytes < settings.batchBytes()) {
            T item = queue.removeFirst();
            taken.add(item);
            takenBytes += settings.weigher().applyAsLong(item);
        }
        queueBytes -= takenBytes;
        waitingSinceNanos = now;
        return List.copyOf(taken);
    }

    private void call(long now) {
        become(State.CALLING, now);
        calls++;
        callStartNanos = now;
        BatchCall started = startCall();
        call = started;
        started.ended().whenComplete((result, failure) -> lanes.ended(new EndedCall<>(this, started, failure)));
    }

    /** What is thrown here is told like the end of any other call: this may be done on behalf of another task. */
    private BatchCall startCall() {
        try {
            return lanes.call(batch);
        } catch (Exception | Error e) {
            return BatchCall.failed(e);
        }
    }

    private boolean callAgain(long now) {
        if (refusal != null && nanosLeft(now) <= 0) {
            giveUp(refusal);
        } else {
            call(now);
        }
        return true;
    }

    private boolean cancel(long now) {
        become(State.CANCELLED, now);
        if (call != null) {
            call.cancel();
        }
        return true;
    }

    private boolean giveUpCall(long now) {
        lastCallNanos = now - callStartNanos;
        TimeoutException cause = tookTooLong();
        lanes.outcome().callFailed(batch, calls, cause);
        giveUp(cause);
        return true;
    }

    /** A call has ended; perhaps one that nobody waits for any more. */
    void callEnded(BatchCall endedCall, @Nullable Throwable failure, long now) {
        if (endedCall != call) {
            return;
        }
        call = null;
        lastCallNanos = now - callStartNanos;
        if (failure == null) {
            acknowledged(now);
        } else {
            callFailed(unwrap(failure), now);
        }
        turn(now, false);
    }

    private void acknowledged(long now) {
        List<T> done = batch;
        long latencyNanos = Math.max(1, now - batchStartNanos);
        usualLatencyNanos = usualLatencyNanos == 0 ? latencyNanos : (3 * usualLatencyNanos + latencyNanos) / 4;
        leave();
        lanes.outcome().acknowledged(done, latencyNanos);
    }

    private void callFailed(Throwable failure, long now) {
        if (failure instanceof BatchWriteException noMoreCalls) {
            throw noMoreCalls;
        }
        Throwable cause = state == State.CANCELLED && !(failure instanceof Error) ? tookTooLong() : failure;
        lanes.outcome().callFailed(batch, calls, cause);
        if (cause instanceof Error error) {
            throw error;
        }
        refusal = cause;
        failuresInARow++;
        Settings<T> settings = lanes.settings();
        if (settings.permanent().test(cause)) {
            splitOrGiveUp(cause, now);
            return;
        }
        backOffNanos = settings.retry().delayNanos(failuresInARow);
        if (backOffNanos >= nanosLeft(now)) {
            giveUp(cause);
        } else {
            become(State.BACKING_OFF, now);
        }
    }

    private void splitOrGiveUp(Throwable cause, long now) {
        int size = batch.size();
        if (size == 1 || !lanes.settings().split() || nanosLeft(now) <= 0) {
            giveUp(cause);
            return;
        }
        parts.addFirst(batch.subList(size / 2, size));
        parts.addFirst(batch.subList(0, size / 2));
        idle();
    }

    private void giveUp(Throwable cause) {
        List<T> lost = batch;
        int callsMade = calls;
        leave();
        lanes.outcome().gaveUp(lost, callsMade, cause);
    }

    /** The batch is over. */
    private void leave() {
        lanes.left(
                batch.size(),
                batch.stream().mapToLong(lanes.settings().weigher()).sum());
        idle();
    }

    private void idle() {
        lanes.inFlight(-1);
        call = null;
        batch = List.of();
        become(State.IDLE, batchStartNanos);
    }

    void abandon() {
        if (call != null) {
            call.cancel();
            call = null;
        }
    }

    private void become(State next, long now) {
        state = next;
        stateStartNanos = now;
    }

    private static TimeoutException tookTooLong() {
        return new TimeoutException("the call took too long");
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return (failure instanceof CompletionException || failure instanceof ExecutionException) && cause != null
                ? cause
                : failure;
    }
}
