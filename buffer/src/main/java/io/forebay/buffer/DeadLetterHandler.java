package io.forebay.buffer;

import java.util.List;

/**
 * Takes batches that could not be processed in time, so that the elements behind them can go on.
 *
 * @param <T> the type of the elements
 */
@FunctionalInterface
public interface DeadLetterHandler<T> {
    /**
     * Takes a batch over. If this throws, the batch is kept as if there were no handler.
     *
     * @param batch the elements of the batch
     * @param cause the last failure
     * @throws Exception if the batch could not be taken
     */
    void handle(List<T> batch, Throwable cause) throws Exception;
}
