package io.forebay.store;

import java.util.Optional;

/**
 * What can be asked of an event store, from any thread, while the task goes on writing.
 *
 * <p>Every call sees one consistent snapshot of the store, uncommitted events included, and never blocks the writer.
 *
 * @param <E> the type of the events
 */
public interface ReadOnlyEventStore<E> {

    /** The event with this id, if there is one. One memory look-up, or two point reads. */
    Optional<E> get(String id);

    /** Whether there is an event with this id. At most one point read. */
    boolean contains(String id);

    /**
     * Events by time range and index.
     *
     * @throws IllegalArgumentException if a condition names an index, or a part of one, that the store does not have,
     *     or a value of the wrong type
     */
    EventPage<E> query(EventQuery<E> query);

    /** What the store holds. */
    EventStoreStats stats();
}
