package io.forebay.buffer;

/**
 * Told what happens in a {@link DoubleBuffer} or a {@link StripedBuffer}: the place to hang metrics. Every method does nothing unless overridden.
 *
 * <p>Called by the thread in which it happens, never under a lock. What a listener throws is logged and otherwise ignored.
 */
public interface BufferListener {
    /** A listener that does nothing. */
    BufferListener NONE = new BufferListener() {};

    /**
     * A batch was processed.
     *
     * @param buffer name of the buffer
     * @param partition partition or stripe
     * @param elements how many elements the batch had
     * @param durationNanos how long the successful attempt took
     */
    default void batchDelivered(String buffer, int partition, int elements, long durationNanos) {}

    /**
     * An attempt to process a batch failed.
     *
     * @param attempt 1 for the first attempt
     * @param delayNanos in how long the next attempt follows; -1 if none does
     */
    default void attemptFailed(String buffer, int partition, int attempt, Throwable cause, long delayNanos) {}

    /** The processor was interrupted because a batch took longer than the processing time-out. */
    default void processingTimedOut(String buffer, int partition) {}

    /** The dead-letter handler took a batch. */
    default void batchDeadLettered(String buffer, int partition, int elements, Throwable cause) {}

    /** All attempts failed: the partition keeps its contents and stops accepting until a later flush succeeds. */
    default void partitionFailed(String buffer, int partition, Throwable cause) {}

    /** A failed partition accepts again. */
    default void partitionRecovered(String buffer, int partition) {}

    /** Elements were lost for lack of room: new ones that were refused, or old ones that gave way. */
    default void dropped(String buffer, int partition, int elements) {}

    /** The buffer was closed. */
    default void closed(String buffer, CloseReport report) {}
}
