package io.forebay.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;

/**
 * The half of an event store that readers see. They come from any thread and are admitted by the {@link CloseGuard}, so
 * that nothing is closed under them.
 */
abstract class QueriedEventStore<E> implements EventStore<E> {

    private final String name;
    private final CloseGuard guard = new CloseGuard(this::closed);

    QueriedEventStore(String name) {
        this.name = name;
    }

    /** What answers; only asked while the guard is open. */
    abstract EventReader<E> reader();

    abstract StoreMetrics metrics();

    /** How far what is seen goes, as a copy. Asked before reading, so that it never promises too much. */
    abstract Position position(IsolationLevel isolation);

    abstract int partition();

    /** How many events came too late. */
    abstract long late();

    final CloseGuard guard() {
        return guard;
    }

    final InvalidStateStoreException closed() {
        return new InvalidStateStoreException(
                "event store '" + name + "' is not open: its task has been closed, or has moved to another instance");
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Optional<E> get(EventByIdQuery<E> query) {
        return answer(() -> reader().get(query));
    }

    private <T> T answer(Supplier<T> question) {
        return guard.read(() -> metrics().query(question));
    }

    @Override
    public final boolean contains(String id) {
        return guard.read(() -> reader().contains(id));
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
        return guard.read(() -> StoreIterator.open(guard, reader().scan(query), name));
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
        return guard.read(() -> reader().stats(late()));
    }

    @Override
    public final <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        try {
            return guard.read(() -> InteractiveQueries.answer(query, bound, config, this));
        } catch (InvalidStateStoreException e) {
            return QueryResult.forFailure(FailureReason.NOT_ACTIVE, e.getMessage());
        }
    }

    @Override
    public final boolean isOpen() {
        return guard.isOpen();
    }

    /** How many iterators have not been closed. */
    final int openIterators() {
        return guard.staying();
    }
}
