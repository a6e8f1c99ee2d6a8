package io.forebay.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * All partitions of an event store that this instance has at the moment of a question, as one store. Each partition is
 * seen as one snapshot, but not all of them as the same. An event that several have (a producer changed its partitioning)
 * is the newest of them where it is asked for by id, and counts once for each.
 */
final class LocalPartitions<E> implements ReadOnlyEventStore<E> {

    private final EventDefinition<E> definition;
    private final Supplier<List<ReadOnlyEventStore<E>>> partitions;

    LocalPartitions(EventDefinition<E> definition, Supplier<List<ReadOnlyEventStore<E>>> partitions) {
        this.definition = definition;
        this.partitions = partitions;
    }

    @Override
    public Optional<E> get(EventByIdQuery<E> query) {
        return partitions.get().stream()
                .flatMap(partition -> partition.get(query).stream())
                .max(definition.order());
    }

    @Override
    public boolean contains(String id) {
        return partitions.get().stream().anyMatch(partition -> partition.contains(id));
    }

    @Override
    public Map<String, E> getAll(EventsByIdsQuery<E> query) {
        Map<String, E> found = new HashMap<>();
        BinaryOperator<E> newest = BinaryOperator.maxBy(definition.order());
        for (ReadOnlyEventStore<E> partition : partitions.get()) {
            partition.getAll(query).forEach((id, event) -> found.merge(id, event, newest));
        }
        Map<String, E> inOrder = new LinkedHashMap<>();
        for (String id : query.ids()) {
            Optional.ofNullable(found.get(id)).ifPresent(event -> inOrder.put(id, event));
        }
        return inOrder;
    }

    @Override
    public EventPage<E> query(EventQuery<E> query) {
        try (EventIterator<E> all = scan(query)) {
            return EventPage.take(all, definition, query);
        }
    }

    @Override
    public EventIterator<E> scan(EventQuery<E> query) {
        List<EventIterator<E>> opened = new ArrayList<>();
        try {
            partitions.get().forEach(partition -> opened.add(partition.scan(query)));
            return new Merged<>(new MergedEvents<>(opened, definition, query.order()), opened);
        } catch (RuntimeException e) {
            opened.forEach(EventIterator::close);
            throw e;
        }
    }

    @Override
    public long count(EventQuery<E> query) {
        return partitions.get().stream()
                .mapToLong(partition -> partition.count(query))
                .sum();
    }

    @Override
    public List<Object> values(EventValuesQuery query) {
        Map<byte[], Object> values = new TreeMap<>(Arrays::compareUnsigned);
        for (ReadOnlyEventStore<E> partition : partitions.get()) {
            for (Object value : partition.values(query)) {
                values.put(KeyCodec.encode(ValueType.of(value), value), value);
            }
        }
        return values.values().stream().limit(query.limit()).toList();
    }

    @Override
    public EventStoreStats stats() {
        return partitions.get().stream()
                .map(ReadOnlyEventStore::stats)
                .reduce(EventStoreStats.EMPTY, EventStoreStats::plus);
    }

    /** Iterators as one; closes all of them. */
    private record Merged<E>(MergedEvents<E> events, Collection<EventIterator<E>> sources) implements EventIterator<E> {

        @Override
        public boolean hasNext() {
            return events.hasNext();
        }

        @Override
        public E next() {
            return events.next();
        }

        @Override
        public void close() {
            sources.forEach(EventIterator::close);
        }
    }
}
