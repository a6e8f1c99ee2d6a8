package io.forebay.store;

import java.util.Objects;
import org.apache.kafka.streams.query.Query;

/**
 * Asks how many events a query has, all pages taken together: the limit of the query plays no part, a page token leaves out
 * what came before. O(events counted), without reading the events unless a condition has to be checked against them.
 *
 * @param query which events to count
 * @param <E> the type of the events
 */
public record EventCountQuery<E>(EventQuery<E> query) implements Query<Long> {
    /** Refuses null. */
    public EventCountQuery {
        Objects.requireNonNull(query, "query");
    }
}
