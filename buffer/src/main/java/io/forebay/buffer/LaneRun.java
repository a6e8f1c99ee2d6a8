package io.forebay.buffer;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processing of one partition in scheduled mode: seals, hands over batch by batch, tries again with back-off, and applies
 * the failure policy when the time is up.
 *
 * <p>There is one run at a time: {@link Lane#claimRun()} admits one, and between the attempts of a batch the run is carried over by
 * the scheduler, which also publishes the fields here from thread to thread.
 *
 * <p><b>Time-out.</b> Each attempt is watched: when the time of its batch is up, its thread is interrupted. The batch is not handed over
 * again before the attempt has come back, since that could deliver it twice; if it then has succeeded, it counts.
 */
final class LaneRun<T> implements Runnable {
    private final DoubleBuffer<T> buffer;
    private final Lane<T, ?> lane;
    private long batchStartNanos;
    private int failures;
    private volatile @Nullable Attempt running;
    private volatile @Nullable Throwable lastFailure;
    /** Elements that the processor is working on. Guarded by the lane. */
    private int attempting;

    LaneRun(DoubleBuffer<T> buffer, Lane<T, ?> lane) {
        this.buffer = buffer;
        this.lane = lane;
    }

    /** Starts a run unless there is nothing to do or one is going on, which then goes for another round. */
    void request() {
        boolean claimed;
        lane.enter();
        try {
            claimed = lane.claimRun();
        } finally {
            lane.exit();
        }
        if (claimed) {
            start();
        }
    }

    private void start() {
        try {
            buffer.scheduler().execute(this);
        } catch (Throwable e) { // no thread to be had: the next request tries again
            lane.enter();
            try {
                lane.fail(e);
            } finally {
                lane.exit();
            }
            buffer.tell(listener -> listener.partitionFailed(buffer.name(), lane.index, e));
        }
    }

    @Override
    public void run() {
        List<T> batch;
        do {
            batch = nextBatch();
        } while (!batch.isEmpty() && process(batch));
    }

    private List<T> nextBatch() {
        lane.enter();
        try {
            if (lane.nextForRun(buffer.isDue(lane)) == null) {
                return List.of();
            }
            List<T> batch = lane.peek(buffer.options().batchSize());
            attempting = batch.size();
            return batch;
        } finally {
            lane.exit();
        }
    }

    /** Returns whether the run goes on at once. */
    private boolean process(List<T> batch) {
        long startNanos = buffer.scheduler().nanoTime();
        if (failures == 0) {
            batchStartNanos = startNanos;
        }
        Attempt attempt = new Attempt(Thread.currentThread());
        running = attempt;
        BufferScheduler.Cancellation watchdog = watch(attempt, startNanos);
        int count = 0;
        Throwable failure = null;
        try {
            count = buffer.delivery().deliver(batch);
        } catch (Throwable e) { // an Error must not lose the batch either
            failure = e;
        } finally {
            attempt.end();
            watchdog.cancel();
            running = null;
        }
        if (failure == null) {
            bookDelivered(batch, count, startNanos);
            return true;
        }
        return afterFailure(batch, failure);
    }

    private BufferScheduler.Cancellation watch(Attempt attempt, long nowNanos) {
        long leftNanos = timeoutNanos() - (nowNanos - batchStartNanos);
        return buffer.scheduler()
                .schedule(
                        () -> {
                            if (attempt.interrupt()) {
                                buffer.tell(listener -> listener.processingTimedOut(buffer.name(), lane.index));
                            }
                        },
                        Duration.ofNanos(Math.max(1, leftNanos)));
    }

    private void bookDelivered(List<T> batch, int count, long startNanos) {
        failures = 0;
        long durationNanos = buffer.scheduler().nanoTime() - startNanos;
        boolean recovered;
        lane.enter();
        try {
            lane.delivered += count;
            lane.stale += batch.size() - count;
            recovered = advance(batch.size());
        } finally {
            lane.exit();
        }
        buffer.tell(listener -> listener.batchDelivered(buffer.name(), lane.index, count, durationNanos));
        tellRecovered(recovered);
    }

    /** Inside the lane. Returns whether the partition had failed before. */
    private boolean advance(int count) {
        boolean failed = lane.failure() != null;
        attempting = 0;
        lane.advance(count);
        return failed;
    }

    private void tellRecovered(boolean recovered) {
        if (recovered) {
            buffer.tell(listener -> listener.partitionRecovered(buffer.name(), lane.index));
        }
    }

    private boolean afterFailure(List<T> batch, Throwable failure) {
        failures++;
        lastFailure = failure;
        long delayNanos = buffer.options().retry().delayNanos(failures);
        long elapsedNanos = buffer.scheduler().nanoTime() - batchStartNanos;
        boolean again;
        lane.enter();
        try {
            lane.failedAttempts++;
            attempting = 0;
            again = elapsedNanos + delayNanos < timeoutNanos() && !lane.isStopped();
        } finally {
            lane.exit();
        }
        int attempt = failures;
        buffer.tell(listener ->
                listener.attemptFailed(buffer.name(), lane.index, attempt, failure, again ? delayNanos : -1));
        if (again) {
            buffer.scheduler().schedule(this::start, Duration.ofNanos(delayNanos));
            return false;
        }
        failures = 0;
        return giveUp(batch, failure);
    }

    private boolean giveUp(List<T> batch, Throwable failure) {
        DeadLetterHandler<T> handler = buffer.deadLetters();
        if (handler != null) {
            try {
                handler.handle(batch, failure);
                bookDeadLettered(batch, failure);
                return true;
            } catch (Throwable e) { // the batch is kept, whatever the handler ran into
                failure.addSuppressed(e);
            }
        }
        lane.enter();
        try {
            lane.fail(failure);
        } finally {
            lane.exit();
        }
        buffer.tell(listener -> listener.partitionFailed(buffer.name(), lane.index, failure));
        return false;
    }

    private void bookDeadLettered(List<T> batch, Throwable failure) {
        boolean recovered;
        lane.enter();
        try {
            lane.deadLettered += batch.size();
            recovered = advance(batch.size());
        } finally {
            lane.exit();
        }
        buffer.tell(listener -> listener.batchDeadLettered(buffer.name(), lane.index, batch.size(), failure));
        tellRecovered(recovered);
    }

    /** Interrupts the attempt that is going on, if there is one. */
    boolean interrupt() {
        Attempt attempt = running;
        return attempt != null && attempt.interrupt();
    }

    /** Elements that the processor is working on. Only inside the lane. */
    int attempting() {
        return attempting;
    }

    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }

    private long timeoutNanos() {
        return Waiter.saturatedNanos(buffer.options().processingTimeout());
    }

    /** One call of the processor; makes sure that an interrupt hits this call and nothing else. */
    private static final class Attempt {
        private final Thread thread;
        private boolean ended;
        private boolean interrupted;

        Attempt(Thread thread) {
            this.thread = thread;
        }

        synchronized boolean interrupt() {
            if (ended || interrupted) {
                return false;
            }
            interrupted = true;
            thread.interrupt();
            return true;
        }

        synchronized void end() {
            ended = true;
            if (interrupted) {
                Thread.interrupted(); // ours: the worker thread goes on to other things
            }
        }
    }
}
