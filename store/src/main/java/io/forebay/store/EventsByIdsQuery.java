package io.forebay.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;

/**
 * Asks for the events with these ids. The result has those that the partition asked has, in the order of the question.
 * All come from one snapshot; two point reads for each that is not in memory.
 *
 * @param ids the ids of the events; immutable
 * @param isolation whether to see what is not committed yet; see {@link EventQuery#isolation(IsolationLevel)}
 * @param <E> the type of the events
 */
public record EventsByIdsQuery<E>(List<String> ids, IsolationLevel isolation) implements Query<Map<String, E>> {
    /** Copies the list. Refuses null. */
    public EventsByIdsQuery {
        ids = List.copyOf(ids);
        Objects.requireNonNull(isolation, "isolation");
    }

    /** The freshest events with these ids. */
    public EventsByIdsQuery(Collection<String> ids) {
        this(List.copyOf(ids), IsolationLevel.READ_UNCOMMITTED);
    }
}
