package io.forebay.buffer;

import java.util.List;

/**
 * Processes what a buffer hands over, one batch at a time per partition.
 *
 * <p>Batches are immutable and never reused: the processor may keep them. Returning means that the batch is delivered and will not be
 * handed over again; throwing means that none of it is, and that the same elements come again.
 *
 * @param <T> the type of the elements: items of a {@link QueueBuffer}, entries of a {@link PutNewerBuffer}
 */
@FunctionalInterface
public interface BatchProcessor<T> {
    /**
     * Processes one batch.
     *
     * @param batch at least one element, in the order of the partition
     * @throws Exception if the batch could not be processed
     */
    void process(List<T> batch) throws Exception;
}
