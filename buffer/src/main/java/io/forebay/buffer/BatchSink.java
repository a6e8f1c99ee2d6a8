package io.forebay.buffer;

import java.util.List;

/**
 * Where a {@link StripedBuffer} delivers to. Called by the drain threads of all stripes, for each stripe by one at a time: must be
 * thread-safe.
 *
 * @param <E> the type of the items
 */
@FunctionalInterface
public interface BatchSink<E> {
    /**
     * Takes a batch. If this throws, the whole batch is tried again.
     *
     * @param batch at least one item, in the order in which the stripe accepted them; immutable and never reused
     * @throws Exception if the batch was not taken
     */
    void accept(List<E> batch) throws Exception;
}
