package io.forebay.store;

import java.util.function.Consumer;

/**
 * What a store is told about its database.
 *
 * @param kind what it is a store of
 * @param store its name
 * @param logged whether there is a changelog from which it can be rebuilt
 * @param memory what it shares with others
 * @param tuning changes of the options
 */
record RocksSettings(StoreKind kind, String store, boolean logged, StoreMemory memory, Consumer<RocksOptions> tuning) {

    /** Those of an event store. */
    RocksSettings(String store, boolean logged, StoreMemory memory, Consumer<RocksOptions> tuning) {
        this(StoreKind.EVENTS, store, logged, memory, tuning);
    }

    static RocksSettings of(String store) {
        return new RocksSettings(store, true, StoreMemory.shared(), options -> {});
    }
}
