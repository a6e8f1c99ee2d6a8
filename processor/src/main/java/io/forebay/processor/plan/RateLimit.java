package io.forebay.processor.plan;

import java.util.concurrent.atomic.AtomicLong;

/**
 * At most so many in each second of a clock. Thread-safe and lock-free; past the limit it only reads.
 *
 * <pre>
 *   state:  32 bits second | 32 bits passed in it
 * </pre>
 */
final class RateLimit {

    private static final long NANOS = 1_000_000_000L;
    private static final long COUNT = 0xffff_ffffL;

    private final int maxPerSecond;
    private final AtomicLong state = new AtomicLong();

    RateLimit(int maxPerSecond) {
        this.maxPerSecond = maxPerSecond;
    }

    /**
     * Whether one more passes. A time of an earlier second than the newest, which comes from a thread that was held up after it had read its
     * clock, counts as of the newest.
     *
     * @param nowNanos the time, from any origin
     */
    boolean pass(long nowNanos) {
        long second = Math.floorDiv(nowNanos, NANOS) << 32;
        while (true) {
            long now = state.get();
            boolean isFirst = (now & COUNT) == 0 || second - (now & ~COUNT) > 0;
            long next = isFirst ? second + 1 : now + 1;
            if ((next & COUNT) > maxPerSecond) {
                return false;
            }
            if (state.compareAndSet(now, next)) {
                return true;
            }
        }
    }
}
