package io.forebay.processor;

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
 */
final class Lane<T> {

    private enum State {
        IDLE,
        CALLING,
        CANCELLED,
        BACKING_OFF
    }

    private final BatchLanes<T> lanes;
    private final Deque<T> queue = new ArrayDeque<>();
    private long queueBytes;

    /** When the first of the queue came, as far as it has not been looked at since. */
    private long waitingSinceNanos;

    /** What is left of a batch that is tried in parts; comes before the queue. */
    private final Deque<List<T>> parts = new ArrayDeque<>();

    private State state = State.IDLE;
    private List<T> batch = List.of();
    private long batchStartNanos;
    private int calls;
    private @Nullable BatchCall call;

    /** Since when the state is what it is. */
    private long stateStartNanos;

    private long backOffNanos;

    /** How long batches take until they are acknowledged: a moving average; 0 before the first one has been. */
    private long usualLatencyNanos;

    Lane(BatchLanes<T> lanes) {
        this.lanes = lanes;
    }

    void add(T item, long size) {
        if (queue.isEmpty()) {
            waitingSinceNanos = lanes.nanoTime();
        }
        queue.add(item);
        queueBytes += size;
        if (state == State.IDLE && isFull()) {
            begin(lanes.nanoTime());
        }
    }

    /**
     * Whether one more item can be written in time, judging by how long batches have taken here and how long the one in flight has
     * been taking. A batch is always collected while another one is in flight.
     */
    boolean admits() {
        if (!isFull()) {
            return true;
        }
        Settings<T> settings = lanes.settings();
        long inFlightNanos = state == State.IDLE ? 0 : lanes.nanoTime() - batchStartNanos;
        long latencyNanos = Math.max(usualLatencyNanos, inFlightNanos);
        long batches = 2 + Math.max(queue.size() / settings.batchItems(), queueBytes / settings.batchBytes());
        return usualLatencyNanos > 0 && latencyNanos <= settings.drainNanos() / batches;
    }

    private boolean isFull() {
        Settings<T> settings = lanes.settings();
        return queue.size() >= settings.batchItems() || queueBytes >= settings.batchBytes();
    }

    /** Does what time, or a flush, makes due. */
    void turn(long now, boolean flush) {
        switch (state) {
            case IDLE -> {
                if (!parts.isEmpty() || isDue(now, flush)) {
                    begin(now);
                }
            }
            case CALLING -> {
                if (nanosUntilTurn(now) <= 0) {
                    cancel(now);
                }
            }
            case CANCELLED -> {
                if (nanosUntilTurn(now) <= 0) {
                    giveUp(tookTooLong());
                }
            }
            case BACKING_OFF -> {
                if (nanosUntilTurn(now) <= 0) {
                    call(now);
                }
            }
        }
    }

    private boolean isDue(long now, boolean flush) {
        return !queue.isEmpty()
                && (flush
                        || isFull()
                        || now - waitingSinceNanos >= lanes.settings().lingerNanos());
    }

    /** How long nothing has to be done here, unless a call ends. */
    long nanosUntilTurn(long now) {
        Settings<T> settings = lanes.settings();
        long left = settings.deliveryTimeoutNanos() - (now - batchStartNanos);
        return switch (state) {
            case IDLE -> nanosUntilDue(now);
            case CALLING -> Math.min(left, settings.callTimeoutNanos() - (now - stateStartNanos));
            case CANCELLED -> left;
            case BACKING_OFF -> backOffNanos - (now - stateStartNanos);
        };
    }

    private long nanosUntilDue(long now) {
        if (!parts.isEmpty()) {
            return 0;
        }
        return queue.isEmpty() ? Long.MAX_VALUE : lanes.settings().lingerNanos() - (now - waitingSinceNanos);
    }

    private void begin(long now) {
        batch = parts.isEmpty() ? fromQueue(now) : parts.removeFirst();
        batchStartNanos = now;
        calls = 0;
        lanes.inFlight(1);
        call(now);
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
        BatchCall started;
        try {
            started = lanes.call(batch);
        } catch (Exception e) {
            callFailed(e, now);
            return;
        }
        call = started;
        started.ended().whenComplete((result, failure) -> lanes.ended(new EndedCall<>(this, started, failure)));
    }

    private void cancel(long now) {
        become(State.CANCELLED, now);
        if (call != null) {
            call.cancel();
        }
    }

    /** A call has ended; perhaps one that nobody waits for any more. */
    void callEnded(BatchCall endedCall, @Nullable Throwable failure, long now) {
        if (endedCall != call) {
            return;
        }
        call = null;
        if (failure == null) {
            acknowledged(now);
        } else {
            callFailed(state == State.CANCELLED ? tookTooLong() : unwrap(failure), now);
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

    private void callFailed(Throwable cause, long now) {
        lanes.outcome().callFailed(batch, calls, cause);
        Settings<T> settings = lanes.settings();
        if (settings.permanent().test(cause)) {
            splitOrGiveUp(cause);
            return;
        }
        backOffNanos = settings.retry().delayNanos(calls);
        if (now - batchStartNanos + backOffNanos >= settings.deliveryTimeoutNanos()) {
            giveUp(cause);
        } else {
            become(State.BACKING_OFF, now);
        }
    }

    private void splitOrGiveUp(Throwable cause) {
        int size = batch.size();
        if (size == 1 || !lanes.settings().split()) {
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
