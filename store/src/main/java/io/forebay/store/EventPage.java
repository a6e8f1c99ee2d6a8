package io.forebay.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link EventQuery}, from one partition or, {@linkplain #merge merged}, from many: events in the order
 * asked for.
 *
 * @param events the events, at most as many as the query's limit; immutable
 * @param next for {@link EventQuery#after}, to get the events that follow; null if there are none. The same token is good
 *     for all partitions
 * @param <E> the type of the events
 */
public record EventPage<E>(List<E> events, @Nullable String next) {
    /** Copies the list. */
    public EventPage {
        events = List.copyOf(events);
    }

    /**
     * One page from the pages of several partitions, all of them answers to the same query. An event that several
     * partitions have (same id and timestamp) is there once.
     *
     * <p>O(limit × log pages).
     */
    public static <E> EventPage<E> merge(
            Collection<EventPage<E>> pages, EventDefinition<E> definition, EventQuery<E> query) {
        List<Iterator<E>> sources =
                pages.stream().map(page -> page.events.iterator()).toList();
        EventPage<E> merged = take(new MergedEvents<>(sources, definition, query.order()), definition, query);
        boolean more =
                pages.stream().anyMatch(page -> page.next != null); // that page is full, and so is the merged one
        return merged.next == null && more ? merged.before(definition, query) : merged;
    }

    /** The first events of an iterator over all that a query asks for. */
    static <E> EventPage<E> take(Iterator<E> all, EventDefinition<E> definition, EventQuery<E> query) {
        List<E> events = new ArrayList<>();
        while (events.size() < query.limit() && all.hasNext()) {
            events.add(all.next());
        }
        EventPage<E> page = new EventPage<>(events, null);
        return all.hasNext() ? page.before(definition, query) : page;
    }

    /** The same page, with more to come. */
    private EventPage<E> before(EventDefinition<E> definition, EventQuery<E> query) {
        E last = events.get(events.size() - 1);
        byte[] id = EventCodec.idBytes(Objects.requireNonNull(definition.idOf(last), "stored events have an id"));
        return new EventPage<>(events, PageToken.after(query, Rows.position(definition.timestampNanosOf(last), id)));
    }
}
