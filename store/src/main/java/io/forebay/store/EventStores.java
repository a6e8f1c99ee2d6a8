package io.forebay.store;

/** Where event stores are made. */
public final class EventStores {

    private EventStores() {}

    /**
     * Starts an event store for a topology.
     *
     * @param name the name of the store, as in {@code Topology.addStateStore}
     * @param definition what the events are
     */
    public static <E> EventStoreBuilder<E> builder(String name, EventDefinition<E> definition) {
        return new EventStoreBuilder<>(name, definition);
    }
}
