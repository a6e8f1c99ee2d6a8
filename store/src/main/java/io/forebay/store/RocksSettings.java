package io.forebay.store;

import java.util.function.Consumer;

/**
 * What a store is told about its database.
 *
 * @param store its name
 * @param logged whether there is a changelog from which it can be rebuilt
 * @param memory what it shares with others
 * @param tuning changes of the options
 */
record RocksSettings(String store, boolean logged, StoreMemory memory, Consumer<RocksOptions> tuning) {

    static RocksSettings of(String store) {
        return new RocksSettings(store, true, StoreMemory.shared(), options -> {});
    }
}
