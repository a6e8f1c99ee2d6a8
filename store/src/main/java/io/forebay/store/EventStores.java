package io.forebay.store;

import io.forebay.store.internal.streams.LocalStores;
import org.apache.kafka.streams.state.QueryableStoreType;

/** Where event stores are made. */
public final class EventStores {

    private EventStores() {}

    /**
     * Starts an event store for a topology.
     *
     * @param name the name of the store, as in {@code Topology.addStateStore}
     * @param definition what the events are
     * @throws IllegalArgumentException if the name is empty, or has other characters than ASCII letters, digits, dots, dashes and underscores
     */
    public static <E> EventStoreBuilder<E> builder(String name, EventDefinition<E> definition) {
        return new EventStoreBuilder<>(name, definition);
    }

    /**
     * For {@code KafkaStreams.store}: all partitions of an event store that the instance has, as one, for any thread, with
     * events in one order across partitions.
     *
     * <pre>{@code
     * ReadOnlyEventStore<Order> orders = streams.store(
     *         StoreQueryParameters.fromNameAndType("orders", EventStores.queryableType(definition)));
     * }</pre>
     *
     * <p>It stays good across rebalances: every question goes to the partitions that are local then, active ones unless
     * the parameters say {@code enableStaleStores()}, and throws {@code InvalidStateStoreException} while there is none. That the
     * partitions are not all there is not noticed here; {@code KafkaStreams.query} says which ones answered.
     *
     * @param definition the one that the store was built with
     */
    public static <E> QueryableStoreType<ReadOnlyEventStore<E>> queryableType(EventDefinition<E> definition) {
        return new LocalStores<>(ReadOnlyEventStore.class, partitions -> new LocalPartitions<>(definition, partitions));
    }
}
