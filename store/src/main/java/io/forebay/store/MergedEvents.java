package io.forebay.store;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of several iterators, each of which is in order, in one order. Of events with the same id and timestamp it
 * gives the first. It looks one event ahead in each iterator. Not thread-safe.
 */
final class MergedEvents<E> implements Iterator<E> {

    private final Comparator<E> comparator;
    private final PriorityQueue<Head<E>> heads;

    MergedEvents(List<? extends Iterator<E>> sources, EventDefinition<E> definition, Order order) {
        this.comparator =
                order == Order.ASC ? definition.order() : definition.order().reversed();
        this.heads = new PriorityQueue<>((left, right) -> comparator.compare(left.event, right.event));
        sources.forEach(this::addHead);
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public E next() {
        Head<E> first = heads.poll();
        if (first == null) {
            throw new NoSuchElementException("there are no more events");
        }
        addHead(first.source);
        @Nullable Head<E> twin = heads.peek();
        while (twin != null && comparator.compare(twin.event, first.event) == 0) {
            heads.remove();
            addHead(twin.source);
            twin = heads.peek();
        }
        return first.event;
    }

    private void addHead(Iterator<E> source) {
        if (source.hasNext()) {
            heads.add(new Head<>(source.next(), source));
        }
    }

    /** The next event of an iterator. */
    private record Head<E>(E event, Iterator<E> source) {}
}
