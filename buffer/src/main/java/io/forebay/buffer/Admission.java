package io.forebay.buffer;

import java.util.List;

/**
 * Whether a partition takes one more element: the bounds of {@link LaneLimits}, and what {@link OverflowStrategy} says when they
 * are reached. All methods are called inside the lane.
 */
final class Admission<T> {
    private final DoubleBuffer<T> buffer;
    private final List<LaneRun<T>> runs;

    /** @param runs one for each lane; none if the buffer is driven by hand */
    Admission(DoubleBuffer<T> buffer, List<LaneRun<T>> runs) {
        this.buffer = buffer;
        this.runs = runs;
    }

    /**
     * Makes room for one element. The lane may be left and entered again.
     *
     * @return whether there is room; if not, the element has been counted as rejected
     * @throws IllegalStateException if the buffer is closed or the partition has failed
     */
    boolean makeRoom(Lane<T, ?> lane, long bytes) {
        check(lane);
        return hasRoom(lane, bytes) || makeRoomSlowly(lane, bytes);
    }

    /** How many of the given number of elements without a weight fit at once. */
    int roomFor(Lane<T, ?> lane, int wanted) {
        check(lane);
        return Math.min(wanted, Math.max(0, buffer.limits().maxEntries() - lane.size()));
    }

    private boolean hasRoom(Lane<T, ?> lane, long bytes) {
        return buffer.limits().hasRoom(lane.size(), lane.bytes(), bytes);
    }

    private boolean makeRoomSlowly(Lane<T, ?> lane, long bytes) {
        boolean room = switch (buffer.options().overflow()) {
            case DROP_NEWEST -> false;
            case DROP_OLDEST -> dropOldest(lane, bytes);
            case BLOCK -> runs.isEmpty() ? flushByHand() : awaitRoom(lane, bytes);
        };
        if (!room) {
            lane.rejected++;
        }
        return room;
    }

    private boolean dropOldest(Lane<T, ?> lane, long bytes) {
        while (!hasRoom(lane, bytes) && lane.active.size() > 0) {
            buffer.dropFirst(lane);
            lane.dropped++;
        }
        return hasRoom(lane, bytes);
    }

    private boolean flushByHand() {
        buffer.flush();
        return true;
    }

    private boolean awaitRoom(Lane<T, ?> lane, long bytes) {
        long leftNanos = Waiter.saturatedNanos(buffer.options().blockTimeout());
        try {
            while (!hasRoom(lane, bytes)) {
                requestRun(lane);
                check(lane);
                if (hasRoom(lane, bytes)) {
                    return true;
                }
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = lane.awaitChange(leftNanos);
                check(lane);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void requestRun(Lane<T, ?> lane) {
        lane.leaveForNow();
        try {
            runs.get(lane.index).request();
        } finally {
            lane.enter();
        }
    }

    /**
     * @throws IllegalStateException if the buffer is closed
     * @throws BufferFailedException if the partition has failed and keeps what it has
     */
    void check(Lane<T, ?> lane) {
        if (lane.isClosed()) {
            throw new IllegalStateException("buffer " + buffer.name() + " is closed");
        }
        Throwable failure = lane.failure();
        if (failure != null) {
            throw new BufferFailedException(
                    "buffer " + buffer.name() + " accepts nothing in partition " + lane.index
                            + " since processing failed; it keeps " + lane.size()
                            + " elements and tries again at the next flush",
                    failure);
        }
    }
}
