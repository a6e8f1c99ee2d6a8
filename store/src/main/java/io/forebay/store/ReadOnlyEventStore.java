package io.forebay.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be asked of an event store, from any thread, while the task goes on writing.
 *
 * <p>Every call sees one consistent snapshot of the store and never blocks the writer. Uncommitted events are seen unless
 * the query asks for {@link EventQuery#isolation(org.apache.kafka.common.IsolationLevel) READ_COMMITTED}.
 *
 * <p>All methods throw {@link org.apache.kafka.streams.errors.InvalidStateStoreException} when the store is closed.
 *
 * @param <E> the type of the events
 */
public interface ReadOnlyEventStore<E> {

    /** The event with this id, if there is one. */
    default Optional<E> get(String id) {
        return get(new EventByIdQuery<>(id));
    }

    /**
     * The event with an id, if there is one. One memory look-up, or two point reads.
     *
     * @throws InvalidEventException if the id is no valid Unicode; the same goes for everything that takes ids
     */
    Optional<E> get(EventByIdQuery<E> query);

    /** Whether there is an event with this id. At most one point read. */
    boolean contains(String id);

    /** The events with these ids, as far as there are any, in the order asked for. */
    default Map<String, E> getAll(Collection<String> ids) {
        return getAll(new EventsByIdsQuery<>(ids));
    }

    /** The events with some ids, as far as there are any, in the order asked for. */
    Map<String, E> getAll(EventsByIdsQuery<E> query);

    /**
     * The first page of events that match a query.
     *
     * @throws IllegalArgumentException if a condition names an index, or a part of one, that the store does not have,
     *     or a value of the wrong type, or if the page token belongs to another query
     */
    EventPage<E> query(EventQuery<E> query);

    /**
     * All events that match a query, whatever its limit; to be closed. Each step costs what the next event costs.
     *
     * @throws IllegalArgumentException as {@link #query} does
     */
    EventIterator<E> scan(EventQuery<E> query);

    /**
     * How many events match a query, whatever its limit. O(events counted); they are not read unless a condition has to
     * be checked against them.
     *
     * @throws IllegalArgumentException as {@link #query} does
     */
    long count(EventQuery<E> query);

    /**
     * Which values occur in an index, in ascending order.
     *
     * @throws IllegalArgumentException if there is no such index, it has too few parts, or a value is of the wrong type
     */
    List<Object> values(EventValuesQuery query);

    /** What the store holds. */
    EventStoreStats stats();
}
