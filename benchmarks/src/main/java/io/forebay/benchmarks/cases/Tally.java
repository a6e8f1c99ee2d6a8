package io.forebay.benchmarks.cases;

import java.util.concurrent.CountDownLatch;

/** Follows the StreamThread through its input partition, and tells other threads when it has come to a certain event. */
public final class Tally {

    private final long lastOffset;
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile long startNanos;
    private boolean started;

    /** Waits for the event at this offset. */
    public Tally(long lastOffset) {
        this.lastOffset = lastOffset;
    }

    /** StreamThread only. */
    public void begin() {
        if (!started) {
            started = true;
            startNanos = System.nanoTime();
        }
    }

    /** StreamThread only, when the event is in the store. */
    public void end(long offset) {
        if (offset == lastOffset) {
            reached.countDown();
        }
    }

    public void await() throws InterruptedException {
        reached.await();
    }

    /** When the first event came. */
    public long startNanos() {
        return startNanos;
    }
}
