package io.forebay.store;

/**
 * Events as they arrive on this instance, for who wants to watch: seen before they are stored and committed, and without holding
 * anything up. After a failure or a rebalance the same event may be seen again, as it is processed again.
 *
 * <p>Thread-safe.
 *
 * @param <E> the type of the events
 */
public interface LiveEvents<E> {

    /**
     * Starts to follow the partitions that are processed on this instance now, and those that come to it later. Sees what
     * arrives from now on.
     *
     * @return to be closed by who asked for it
     */
    LiveTail<E> follow();
}
