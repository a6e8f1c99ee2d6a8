package io.forebay.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/** The half of a latest store that readers see. */
abstract class QueriedLatestStore<K, V> extends TransactionalStore<LatestSet> implements LatestStore<K, V> {

    QueriedLatestStore(String name, CommitSettings commits, RocksSettings settings) {
        super(name, commits, settings);
    }

    /** What answers; only asked while the guard is open. */
    abstract LatestReader<K, V> reader();

    @Override
    public final Optional<Versioned<K, V>> get(LatestByKeyQuery<K, V> query) {
        return answer(() -> reader().get(query));
    }

    @Override
    public final List<Versioned<K, V>> getAll(Collection<K> keys) {
        return answer(() -> reader().getAll(keys));
    }

    @Override
    public final List<Versioned<K, V>> query(LatestByIndexQuery<K, V> query) {
        return answer(() -> reader().query(query));
    }

    @Override
    public final EventIterator<Versioned<K, V>> scan(@Nullable K from, @Nullable K to) {
        return read(() -> StoreIterator.open(guard(), reader().scan(from, to), kind(), name()));
    }

    @Override
    public final long count() {
        return answer(() -> reader().count());
    }

    @Override
    public final LatestStoreStats stats() {
        return read(() -> reader().stats());
    }

    @Override
    final IsolationLevel isolationOf(Query<?> query) {
        if (query instanceof LatestByKeyQuery<?, ?> byKey) {
            return byKey.isolation();
        }
        return query instanceof LatestByIndexQuery<?, ?> byIndex
                ? byIndex.isolation()
                : IsolationLevel.READ_UNCOMMITTED;
    }

    @Override
    @SuppressWarnings("unchecked") // K and V are a matter of trust as in every store
    final @Nullable Object answerTo(Query<?> query) {
        if (query instanceof LatestByKeyQuery<?, ?>) {
            return get((LatestByKeyQuery<K, V>) query);
        }
        if (query instanceof LatestByIndexQuery<?, ?>) {
            return query((LatestByIndexQuery<K, V>) query);
        }
        if (query instanceof LatestCountQuery) {
            return count();
        }
        return query instanceof LatestStatsQuery ? stats() : null;
    }
}
