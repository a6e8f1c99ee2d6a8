package io.forebay.buffer;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before a failed batch is tried again: exponential back-off with jitter.
 *
 * @param initialDelay wait after the first failure
 * @param maxDelay the longest wait, before jitter
 * @param multiplier how much longer each wait is than the one before, at least 1
 * @param jitter by which fraction a wait is shortened or lengthened at random, from 0 to 1, so that many buffers do not come back at once
 */
public record RetryPolicy(Duration initialDelay, Duration maxDelay, double multiplier, double jitter) {
    /** 100 ms, doubling up to 5 s, ± 20 %. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(5), 2, 0.2);

    public RetryPolicy {
        if (initialDelay.isNegative() || initialDelay.isZero()) {
            throw new IllegalArgumentException("initialDelay must be positive: initialDelay=" + initialDelay);
        }
        if (maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("maxDelay must not be shorter than initialDelay: maxDelay=" + maxDelay
                    + ", initialDelay=" + initialDelay);
        }
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException("multiplier must be at least 1: multiplier=" + multiplier);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1: jitter=" + jitter);
        }
    }

    /**
     * How long to wait after so many failures in a row, in nanoseconds, jitter included.
     *
     * @param failures 1 after the first one
     */
    public long delayNanos(int failures) {
        double exponential = Waiter.saturatedNanos(initialDelay) * Math.pow(multiplier, failures - 1.0);
        double capped = Math.min(exponential, Waiter.saturatedNanos(maxDelay));
        double random = jitter == 0 ? 0 : ThreadLocalRandom.current().nextDouble(-jitter, jitter);
        return (long) (capped * (1 + random));
    }
}
