package io.forebay.buffer;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What {@link QueueBuffer} and {@link PutNewerBuffer} have in common when they are configured. Not thread-safe. Options are checked
 * together when the buffer is built.
 *
 * @param <T> the type of the elements that are handed over
 * @param <B> the type of the builder
 */
public abstract sealed class BufferBuilder<T, B extends BufferBuilder<T, B>>
        permits QueueBuffer.Builder, PutNewerBuffer.Builder {
    private static final AtomicLong NAMES = new AtomicLong();

    final BatchProcessor<T> processor;
    final BufferOptions.Builder options = BufferOptions.builder();
    private @Nullable String name;
    private int partitions;

    @Nullable
    DeadLetterHandler<T> deadLetters;

    BufferListener listener = BufferListener.NONE;
    BufferScheduler scheduler = BufferScheduler.shared();

    BufferBuilder(BatchProcessor<T> processor) {
        this.processor = Objects.requireNonNull(processor, "processor");
    }

    abstract B self();

    /** A name for messages and metrics; a unique one is generated unless told. */
    public B name(String bufferName) {
        if (bufferName.isBlank()) {
            throw new IllegalArgumentException("name must not be blank: name=\"" + bufferName + '"');
        }
        name = bufferName;
        return self();
    }

    /** Number of partitions; as many as there are processors unless told. A hand-driven buffer has one. */
    public B partitions(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("partitions must be at least 1: partitions=" + count);
        }
        partitions = count;
        return self();
    }

    /** See {@link BufferOptions#flushInterval()}; 5 s unless told. */
    public B flushInterval(Duration interval) {
        options.flushInterval(interval);
        return self();
    }

    /** See {@link BufferOptions#batchSize()}; the whole sealed side unless told. */
    public B batchSize(int elements) {
        options.batchSize(elements);
        return self();
    }

    /** See {@link BufferOptions#drainThreshold()}; none unless told. */
    public B drainThreshold(int elements) {
        options.drainThreshold(elements);
        return self();
    }

    /** See {@link BufferOptions#drainThresholdBytes()}; none unless told. Needs a weigher. */
    public B drainThresholdBytes(long bytes) {
        options.drainThresholdBytes(bytes);
        return self();
    }

    /** See {@link BufferOptions#maxEntries()}; 1,000,000 unless told. */
    public B maxEntries(int elements) {
        options.maxEntries(elements);
        return self();
    }

    /** See {@link BufferOptions#maxBytes()}; no bound unless told. Needs a weigher. */
    public B maxBytes(long bytes) {
        options.maxBytes(bytes);
        return self();
    }

    /** See {@link BufferOptions#overflow()}; {@code BLOCK} unless told. */
    public B overflow(OverflowStrategy strategy) {
        options.overflow(strategy);
        return self();
    }

    /** See {@link BufferOptions#blockTimeout()}; 30 s unless told. */
    public B blockTimeout(Duration timeout) {
        options.blockTimeout(timeout);
        return self();
    }

    /** See {@link BufferOptions#processingTimeout()}; 1 min unless told. */
    public B processingTimeout(Duration timeout) {
        options.processingTimeout(timeout);
        return self();
    }

    /** See {@link BufferOptions#retry()}; {@link RetryPolicy#DEFAULT} unless told. */
    public B retry(RetryPolicy policy) {
        options.retry(policy);
        return self();
    }

    /** Who takes batches that could not be processed in time; unless told, the partition keeps them and stops accepting. */
    public B deadLetters(DeadLetterHandler<T> handler) {
        deadLetters = Objects.requireNonNull(handler, "deadLetters");
        return self();
    }

    /** Who is told what happens; nobody unless told. */
    public B listener(BufferListener told) {
        listener = Objects.requireNonNull(told, "listener");
        return self();
    }

    /** Time and threads; {@link BufferScheduler#shared()} unless told. */
    public B scheduler(BufferScheduler timeAndThreads) {
        scheduler = Objects.requireNonNull(timeAndThreads, "scheduler");
        return self();
    }

    final BufferOptions options() {
        return options.build();
    }

    final String bufferName() {
        return name != null ? name : "buffer-" + NAMES.incrementAndGet();
    }

    final int partitionCount(boolean handDriven) {
        if (handDriven && partitions > 1) {
            throw new IllegalArgumentException(
                    "a hand-driven buffer has one partition, since one thread does everything: partitions="
                            + partitions);
        }
        if (handDriven) {
            return 1;
        }
        return partitions == 0 ? Runtime.getRuntime().availableProcessors() : partitions;
    }
}
