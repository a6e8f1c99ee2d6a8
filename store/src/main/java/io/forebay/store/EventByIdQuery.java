package io.forebay.store;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;

/**
 * Asks for the event with an id. The result is empty where the partition asked has no such event.
 *
 * @param id the id of the event
 * @param <E> the type of the events
 */
public record EventByIdQuery<E>(String id) implements Query<Optional<E>> {
    /** Refuses null. */
    public EventByIdQuery {
        Objects.requireNonNull(id, "id");
    }
}
