package io.forebay.processor.plan;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The plans as far as the topic has been read. Written by the thread that reads it, read by any. */
final class PlanState {

    private @Nullable SortedMap<String, StoredPlan> plans;
    private long position;
    private boolean closed;

    /** These are the plans now, with all that lies before this position. The map is copied. */
    synchronized void publish(Map<String, StoredPlan> current, long readUpTo) {
        plans = new TreeMap<>(current);
        position = readUpTo;
        notifyAll();
    }

    /** Nothing has changed up to here. */
    synchronized void advance(long readUpTo) {
        if (position != readUpTo) {
            position = readUpTo;
            notifyAll();
        }
    }

    /** The topic is read from its beginning again: until that is done the plans known so far hold. */
    synchronized void restart() {
        position = 0;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** The plans by name, never changed any more, or null if the topic has not been read to its end yet. */
    synchronized @Nullable SortedMap<String, StoredPlan> plans() {
        return plans;
    }

    /** Waits until the topic has been read to its end once; answers whether it has. */
    boolean awaitLoaded(Duration timeout) throws InterruptedException {
        return await(0, timeout);
    }

    /** Waits until all before this position is in the plans; answers whether it is. */
    synchronized boolean await(long wanted, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (plans == null || position < wanted) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || closed) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }
}
