package io.forebay.buffer;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One wait of one thread: call {@link #pause()} as long as the condition does not hold. Not thread-safe.
 *
 * <p>The other side never has to signal, which keeps the hot paths of writers and readers free of any wake-up protocol; the
 * price is a reaction time of up to {@link #MAX_PARK_NANOS} after a long wait.
 */
final class Waiter {
    private static final int SPINS = 200;
    private static final int YIELDS = 50;
    private static final long MIN_PARK_NANOS = 50_000;
    private static final long MAX_PARK_NANOS = 1_000_000;

    private final WaitStrategy strategy;
    private final long deadlineNanos;
    private long parkNanos = MIN_PARK_NANOS;
    private int pauses;

    Waiter(WaitStrategy strategy, Duration timeout) {
        this.strategy = strategy;
        this.deadlineNanos = System.nanoTime() + saturatedNanos(timeout);
    }

    boolean expired() {
        return System.nanoTime() - deadlineNanos >= 0;
    }

    void pause() {
        pauses++;
        if (pauses <= SPINS) {
            Thread.onSpinWait();
        } else if (strategy == WaitStrategy.YIELD || pauses <= SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(this, Math.min(parkNanos, Math.max(1, deadlineNanos - System.nanoTime())));
            parkNanos = Math.min(parkNanos * 2, MAX_PARK_NANOS);
        }
    }

    /** Nanoseconds of a duration; durations too long for that (more than 146 years) count as 146 years. */
    static long saturatedNanos(Duration duration) {
        long limit = Long.MAX_VALUE / 2;
        return duration.compareTo(Duration.ofNanos(limit)) >= 0 ? limit : duration.toNanos();
    }
}
