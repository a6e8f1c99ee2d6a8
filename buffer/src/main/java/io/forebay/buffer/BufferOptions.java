package io.forebay.buffer;

import java.time.Duration;
import java.util.Objects;

/**
 * The options of a {@link DoubleBuffer} that can be changed while it runs. Immutable; see {@link DoubleBuffer#updateOptions}.
 *
 * @param flushInterval how often everything is handed over; not used in hand-driven mode
 * @param batchSize how many elements the processor gets at once; {@link Integer#MAX_VALUE} for the whole sealed side
 * @param drainThreshold elements of one partition that trigger an early hand-over; {@link Integer#MAX_VALUE} for none
 * @param drainThresholdBytes bytes of one partition, by the weigher, that trigger an early hand-over; {@link Long#MAX_VALUE} for none
 * @param maxEntries elements that the buffer holds at most, those in flight included; every partition has an equal share
 * @param maxBytes the same in bytes by the weigher; {@link Long#MAX_VALUE} for no bound
 * @param overflow what happens to an element for which a partition has no room
 * @param blockTimeout how long a writer waits for room under {@link OverflowStrategy#BLOCK}; not used in hand-driven mode
 * @param processingTimeout how long a batch may take, retries included, before the processor is interrupted and the failure
 *     policy applies; not used in hand-driven mode
 * @param retry the waits between attempts; not used in hand-driven mode
 */
public record BufferOptions(
        Duration flushInterval,
        int batchSize,
        int drainThreshold,
        long drainThresholdBytes,
        int maxEntries,
        long maxBytes,
        OverflowStrategy overflow,
        Duration blockTimeout,
        Duration processingTimeout,
        RetryPolicy retry) {

    public BufferOptions {
        requirePositive("flushInterval", flushInterval);
        requirePositive("processingTimeout", processingTimeout);
        requirePositive("batchSize", batchSize);
        requirePositive("drainThreshold", drainThreshold);
        requirePositive("drainThresholdBytes", drainThresholdBytes);
        requirePositive("maxEntries", maxEntries);
        requirePositive("maxBytes", maxBytes);
        Objects.requireNonNull(overflow, "overflow");
        Objects.requireNonNull(retry, "retry");
        if (blockTimeout.isNegative()) {
            throw new IllegalArgumentException("blockTimeout must not be negative: blockTimeout=" + blockTimeout);
        }
        if (drainThreshold != Integer.MAX_VALUE && drainThreshold > maxEntries) {
            throw new IllegalArgumentException("drainThreshold must not exceed maxEntries, it would never be reached:"
                    + " drainThreshold=" + drainThreshold + ", maxEntries=" + maxEntries);
        }
        if (drainThresholdBytes != Long.MAX_VALUE && drainThresholdBytes > maxBytes) {
            throw new IllegalArgumentException(
                    "drainThresholdBytes must not exceed maxBytes, it would never be reached:" + " drainThresholdBytes="
                            + drainThresholdBytes + ", maxBytes=" + maxBytes);
        }
    }

    static Builder builder() {
        return new Builder();
    }

    Builder toBuilder() {
        Builder builder = new Builder();
        builder.flushInterval = flushInterval;
        builder.batchSize = batchSize;
        builder.drainThreshold = drainThreshold;
        builder.drainThresholdBytes = drainThresholdBytes;
        builder.maxEntries = maxEntries;
        builder.maxBytes = maxBytes;
        builder.overflow = overflow;
        builder.blockTimeout = blockTimeout;
        builder.processingTimeout = processingTimeout;
        builder.retry = retry;
        return builder;
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
    }

    /** Collects changes; what is not set stays as it is. Values are checked together when the change is applied. */
    public static final class Builder {
        private Duration flushInterval = Duration.ofSeconds(5);
        private int batchSize = Integer.MAX_VALUE;
        private int drainThreshold = Integer.MAX_VALUE;
        private long drainThresholdBytes = Long.MAX_VALUE;
        private int maxEntries = 1_000_000;
        private long maxBytes = Long.MAX_VALUE;
        private OverflowStrategy overflow = OverflowStrategy.BLOCK;
        private Duration blockTimeout = Duration.ofSeconds(30);
        private Duration processingTimeout = Duration.ofMinutes(1);
        private RetryPolicy retry = RetryPolicy.DEFAULT;

        private Builder() {}

        /** See {@link BufferOptions#flushInterval()}; 5 s unless told. */
        public Builder flushInterval(Duration interval) {
            flushInterval = interval;
            return this;
        }

        /** See {@link BufferOptions#batchSize()}; the whole sealed side unless told. */
        public Builder batchSize(int elements) {
            batchSize = elements;
            return this;
        }

        /** See {@link BufferOptions#drainThreshold()}; none unless told. */
        public Builder drainThreshold(int elements) {
            drainThreshold = elements;
            return this;
        }

        /** See {@link BufferOptions#drainThresholdBytes()}; none unless told. */
        public Builder drainThresholdBytes(long bytes) {
            drainThresholdBytes = bytes;
            return this;
        }

        /** See {@link BufferOptions#maxEntries()}; 1,000,000 unless told. */
        public Builder maxEntries(int elements) {
            maxEntries = elements;
            return this;
        }

        /** See {@link BufferOptions#maxBytes()}; no bound unless told. */
        public Builder maxBytes(long bytes) {
            maxBytes = bytes;
            return this;
        }

        /** See {@link BufferOptions#overflow()}; {@code BLOCK} unless told. */
        public Builder overflow(OverflowStrategy strategy) {
            overflow = strategy;
            return this;
        }

        /** See {@link BufferOptions#blockTimeout()}; 30 s unless told. */
        public Builder blockTimeout(Duration timeout) {
            blockTimeout = timeout;
            return this;
        }

        /** See {@link BufferOptions#processingTimeout()}; 1 min unless told. */
        public Builder processingTimeout(Duration timeout) {
            processingTimeout = timeout;
            return this;
        }

        /** See {@link BufferOptions#retry()}; {@link RetryPolicy#DEFAULT} unless told. */
        public Builder retry(RetryPolicy policy) {
            retry = policy;
            return this;
        }

        BufferOptions build() {
            return new BufferOptions(
                    flushInterval,
                    batchSize,
                    drainThreshold,
                    drainThresholdBytes,
                    maxEntries,
                    maxBytes,
                    overflow,
                    blockTimeout,
                    processingTimeout,
                    retry);
        }
    }
}
