package io.forebay.store;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;

/**
 * Asks for the event with an id. The result is empty where the partition asked has no such event. One look-up in memory,
 * or two point reads.
 *
 * @param id the id of the event
 * @param isolation whether to see what is not committed yet; see {@link EventQuery#isolation(IsolationLevel)}
 * @param <E> the type of the events
 */
public record EventByIdQuery<E>(String id, IsolationLevel isolation) implements Query<Optional<E>> {
    /** Refuses null. */
    public EventByIdQuery {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(isolation, "isolation");
    }

    /** The freshest event with an id. */
    public EventByIdQuery(String id) {
        this(id, IsolationLevel.READ_UNCOMMITTED);
    }
}
