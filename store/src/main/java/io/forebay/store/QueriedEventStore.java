package io.forebay.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/** The half of an event store that readers see. */
abstract class QueriedEventStore<E> extends TransactionalStore<WriteSet> implements EventStore<E> {

    QueriedEventStore(String name, CommitSettings commits, RocksSettings settings) {
        super(name, commits, settings);
    }

    /** What answers; only asked while the guard is open. */
    abstract EventReader<E> reader();

    /** How many events came too late. */
    abstract long late();

    @Override
    public final Optional<E> get(EventByIdQuery<E> query) {
        return answer(() -> reader().get(query));
    }

    @Override
    public final boolean contains(String id) {
        return read(() -> reader().contains(id));
    }

    @Override
    public final Map<String, E> getAll(EventsByIdsQuery<E> query) {
        return answer(() -> reader().getAll(query));
    }

    @Override
    public final EventPage<E> query(EventQuery<E> query) {
        return answer(() -> reader().query(query));
    }

    @Override
    public final EventIterator<E> scan(EventQuery<E> query) {
        return read(() -> StoreIterator.open(guard(), reader().scan(query), kind(), name()));
    }

    @Override
    public final long count(EventQuery<E> query) {
        return answer(() -> reader().count(query));
    }

    @Override
    public final List<Object> values(EventValuesQuery query) {
        return answer(() -> reader().values(query));
    }

    @Override
    public final EventStoreStats stats() {
        return read(() -> reader().stats(late()));
    }

    @Override
    final IsolationLevel isolationOf(Query<?> query) {
        if (query instanceof EventQuery<?> events) {
            return events.isolation();
        }
        if (query instanceof EventByIdQuery<?> byId) {
            return byId.isolation();
        }
        if (query instanceof EventsByIdsQuery<?> byIds) {
            return byIds.isolation();
        }
        if (query instanceof EventCountQuery<?> count) {
            return count.query().isolation();
        }
        return query instanceof EventValuesQuery values ? values.isolation() : IsolationLevel.READ_UNCOMMITTED;
    }

    @Override
    @SuppressWarnings("unchecked") // E is a matter of trust as in every store
    final @Nullable Object answerTo(Query<?> query) {
        if (query instanceof EventQuery<?>) {
            return query((EventQuery<E>) query);
        }
        if (query instanceof EventByIdQuery<?>) {
            return get((EventByIdQuery<E>) query);
        }
        if (query instanceof EventsByIdsQuery<?>) {
            return getAll((EventsByIdsQuery<E>) query);
        }
        if (query instanceof EventCountQuery<?> count) {
            return count((EventQuery<E>) count.query());
        }
        if (query instanceof EventValuesQuery values) {
            return values(values);
        }
        return query instanceof EventStatsQuery ? stats() : null;
    }
}
