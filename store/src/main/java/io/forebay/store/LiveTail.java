package io.forebay.store;

import java.util.function.Consumer;

/**
 * One that follows {@link LiveEvents}, at a pace of its own. For one thread at a time.
 *
 * @param <E> the type of the events
 */
public interface LiveTail<E> extends AutoCloseable {

    /**
     * Hands over what has arrived, without waiting for more: in order within a partition, and partition after partition.
     *
     * @param max how many events at most
     * @return how many there were; 0 if everything that has arrived has been seen
     * @throws IllegalStateException if it is closed
     */
    int drain(Consumer<? super LiveEvent<E>> consumer, int max);

    /** How many events were gone before they could be handed over, because this one was too slow. */
    long missed();

    /** Stops following. Closing twice does nothing. */
    @Override
    void close();
}
