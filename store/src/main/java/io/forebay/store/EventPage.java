package io.forebay.store;

import java.util.List;

/**
 * The answer to an {@link EventQuery} from one partition: events in the order asked for.
 *
 * @param events the events, at most as many as the query's limit; immutable
 * @param <E> the type of the events
 */
public record EventPage<E>(List<E> events) {
    /** Copies the list. */
    public EventPage {
        events = List.copyOf(events);
    }
}
