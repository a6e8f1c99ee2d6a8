package io.forebay.store;

import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;

/**
 * The side of a store that readers see. They come from any thread and are admitted by the {@link CloseGuard}, so
 * that nothing is closed under them.
 */
abstract class QueriedStore {

    private final StoreKind kind;
    private final String name;
    private final CloseGuard guard = new CloseGuard(this::closed);

    QueriedStore(StoreKind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    abstract StoreMetrics metrics();

    /** How far what is seen goes, as a copy. Asked before reading, so that it never promises too much. */
    abstract Position position(IsolationLevel isolation);

    abstract int partition();

    /** What an interactive query wants to see. */
    abstract IsolationLevel isolationOf(Query<?> query);

    /** The answer to an interactive query, or null if this kind of store does not know such queries. */
    abstract @Nullable Object answerTo(Query<?> query);

    final CloseGuard guard() {
        return guard;
    }

    final InvalidStateStoreException closed() {
        return new InvalidStateStoreException(
                kind + " '" + name + "' is not open: its task has been closed, or has moved to another instance");
    }

    final StoreKind kind() {
        return kind;
    }

    public final String name() {
        return name;
    }

    /** Has everything that has been restored where it can be read. */
    abstract void settle();

    /** Reads what is in the store. */
    final <T> T read(Supplier<T> question) {
        return guard.read(() -> {
            settle();
            return question.get();
        });
    }

    /** Answers a question, and measures how long that takes. */
    final <T> T answer(Supplier<T> question) {
        return read(() -> metrics().query(question));
    }

    public final <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        try {
            return read(() -> InteractiveQueries.answer(query, bound, config, this));
        } catch (InvalidStateStoreException e) {
            return QueryResult.forFailure(FailureReason.NOT_ACTIVE, e.getMessage());
        }
    }

    public final boolean isOpen() {
        return guard.isOpen();
    }

    /** How many iterators have not been closed. */
    final int openIterators() {
        return guard.staying();
    }
}
