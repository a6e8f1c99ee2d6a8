package io.forebay.query;

import io.forebay.store.EventDefinition;
import io.forebay.store.Order;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * The one order of all events, whatever partition they are in: by timestamp, ties by the bytes of the id in UTF-8, as
 * the stores order them.
 *
 * <p>Immutable and thread-safe.
 */
final class EventOrder<E> {

    private final Comparator<E> ascending;

    EventOrder(EventDefinition<E> definition) {
        this.ascending = Comparator.<E>comparingLong(definition::timestampNanosOf)
                .thenComparing(event -> Objects.requireNonNullElse(definition.idOf(event), ""), EventOrder::compareIds);
    }

    /**
     * Merges lists that are each in order and keeps the first {@code limit} events of the whole.
     *
     * <p>O(limit × log lists): events beyond the limit are not looked at.
     */
    List<E> merge(List<List<E>> ordered, Order order, int limit) {
        Comparator<E> comparator = comparator(order);
        PriorityQueue<Cursor<E>> heads =
                new PriorityQueue<>((left, right) -> comparator.compare(left.head, right.head));
        for (List<E> events : ordered) {
            if (!events.isEmpty()) {
                heads.add(new Cursor<>(events.iterator()));
            }
        }
        List<E> merged = new ArrayList<>();
        while (merged.size() < limit) {
            Cursor<E> first = heads.poll();
            if (first == null) {
                break;
            }
            merged.add(first.head);
            if (first.advance()) {
                heads.add(first);
            }
        }
        return merged;
    }

    Comparator<E> comparator(Order order) {
        return order == Order.ASC ? ascending : ascending.reversed();
    }

    /** Not {@link String#compareTo}, which orders surrogates before the end of the basic plane. */
    private static int compareIds(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the merge is in one list. */
    private static final class Cursor<E> {

        private final Iterator<E> rest;
        private E head;

        Cursor(Iterator<E> events) {
            this.rest = events;
            this.head = events.next();
        }

        boolean advance() {
            if (!rest.hasNext()) {
                return false;
            }
            head = rest.next();
            return true;
        }
    }
}
