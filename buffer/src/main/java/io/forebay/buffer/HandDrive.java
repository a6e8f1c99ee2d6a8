package io.forebay.buffer;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Processing on the caller's thread: what a hand-driven {@link DoubleBuffer} does in place of runs. Not thread-safe. */
final class HandDrive<T> {
    private final DoubleBuffer<T> buffer;
    private final Lane<T, ?> lane;
    private boolean draining;

    HandDrive(DoubleBuffer<T> buffer, Lane<T, ?> lane) {
        this.buffer = buffer;
        this.lane = lane;
    }

    int seal() {
        lane.seal();
        return lane.inFlight();
    }

    /** What a failure left behind comes first, then everything that is active now. */
    int flush() {
        int count = drain();
        seal();
        return count + drain();
    }

    int drain() {
        return drainWhile(() -> true);
    }

    int drainUntil(long deadlineNanos) {
        return drainWhile(() -> buffer.scheduler().nanoTime() - deadlineNanos < 0);
    }

    private int drainWhile(BooleanSupplier goOn) {
        if (draining) {
            throw new IllegalStateException(
                    "buffer " + buffer.name() + " is being drained: its processor must not drain it");
        }
        draining = true;
        int total = 0;
        try {
            while (lane.inFlight() > 0 && goOn.getAsBoolean()) {
                total += deliver(lane.peek(buffer.options().batchSize()));
            }
        } finally {
            draining = false;
        }
        return total;
    }

    private int deliver(List<T> batch) {
        int count;
        try {
            count = buffer.delivery().deliver(batch);
        } catch (Throwable e) {
            lane.failedAttempts++;
            buffer.tell(told -> told.attemptFailed(buffer.name(), lane.index, 1, e, -1));
            throw unchecked(e);
        }
        lane.delivered += count;
        lane.stale += batch.size() - count;
        lane.advance(batch.size());
        return count;
    }

    private RuntimeException unchecked(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new BatchProcessingException("buffer " + buffer.name() + " could not process a batch", e);
    }
}
