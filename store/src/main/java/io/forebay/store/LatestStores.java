package io.forebay.store;

/** Where latest stores are made. */
public final class LatestStores {

    private LatestStores() {}

    /**
     * Starts a latest store for a topology.
     *
     * @param name the name of the store, as in {@code Topology.addStateStore}
     * @param definition what the keys and values are
     * @throws IllegalArgumentException if the name is empty, or has other characters than ASCII letters, digits, dots, dashes and underscores
     */
    public static <K, V> LatestStoreBuilder<K, V> builder(String name, LatestDefinition<K, V> definition) {
        return new LatestStoreBuilder<>(name, definition);
    }
}
