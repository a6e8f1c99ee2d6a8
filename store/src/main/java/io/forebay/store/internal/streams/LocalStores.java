package io.forebay.store.internal.streams;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.internals.StateStoreProvider;

/**
 * A way to look at all partitions of a store that are local, as one.
 *
 * @param storeType what the stores have to be
 * @param facade makes one of them all; it is given the way to the partitions that are local when it is asked
 * @param <T> the type of the stores, and of the facade
 */
public record LocalStores<T>(Class<? super T> storeType, Function<Supplier<List<T>>, T> facade)
        implements QueryableStoreType<T> {

    @Override
    public boolean accepts(StateStore stateStore) {
        return storeType.isInstance(stateStore);
    }

    @Override
    public T create(StateStoreProvider provider, String storeName) {
        return facade.apply(() -> provider.stores(storeName, this));
    }
}
