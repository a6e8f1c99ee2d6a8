package io.forebay.buffer;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The end of a buffer: stop accepting, hand over what is left, say what could not be delivered. */
final class BufferCloser<T> {
    private final DoubleBuffer<T> buffer;
    private final List<Lane<T, ?>> lanes;
    private final List<LaneRun<T>> runs;

    BufferCloser(DoubleBuffer<T> buffer, List<Lane<T, ?>> lanes, List<LaneRun<T>> runs) {
        this.buffer = buffer;
        this.lanes = lanes;
        this.runs = runs;
    }

    CloseReport closeByHand(Duration timeout) {
        long deadlineNanos = buffer.scheduler().nanoTime() + Waiter.saturatedNanos(timeout);
        Lane<T, ?> lane = lanes.get(0);
        lane.close();
        Throwable failure = null;
        try {
            buffer.handDrive().drainUntil(deadlineNanos);
            if (lane.inFlight() == 0) {
                buffer.handDrive().seal();
                buffer.handDrive().drainUntil(deadlineNanos);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        return new CloseReport(lane.delivered, lane.size(), 0, failure);
    }

    CloseReport closeRunning(Duration timeout) {
        long deadlineNanos = System.nanoTime() + Waiter.saturatedNanos(timeout);
        for (int i = 0; i < lanes.size(); i++) {
            inside(lanes.get(i), Lane::close);
            runs.get(i).request();
        }
        boolean interrupted = false;
        for (Lane<T, ?> lane : lanes) {
            interrupted |= !awaitEnd(lane, interrupted ? System.nanoTime() : deadlineNanos);
        }
        CloseReport report = report();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    /** Returns false if the thread was interrupted. */
    private boolean awaitEnd(Lane<T, ?> lane, long deadlineNanos) {
        lane.enter();
        try {
            while (lane.isProcessing()) {
                long leftNanos = deadlineNanos - System.nanoTime();
                if (leftNanos <= 0) {
                    return true;
                }
                lane.awaitChange(leftNanos);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lane.exit();
        }
    }

    private CloseReport report() {
        long delivered = 0;
        long undelivered = 0;
        long inDoubt = 0;
        Throwable failure = null;
        for (int i = 0; i < lanes.size(); i++) {
            Lane<T, ?> lane = lanes.get(i);
            lane.enter();
            try {
                lane.stop();
                delivered += lane.delivered;
                undelivered += lane.size();
                inDoubt += runs.get(i).attempting();
                failure = first(failure, lane.failure(), runs.get(i).lastFailure());
            } finally {
                lane.exit();
            }
            runs.get(i).interrupt();
        }
        return new CloseReport(delivered, undelivered, inDoubt, failure);
    }

    private static @Nullable Throwable first(@Nullable Throwable a, @Nullable Throwable b, @Nullable Throwable c) {
        return a != null ? a : b != null ? b : c;
    }

    private static <T> void inside(Lane<T, ?> lane, Consumer<Lane<T, ?>> action) {
        lane.enter();
        try {
            action.accept(lane);
        } finally {
            lane.exit();
        }
    }
}
