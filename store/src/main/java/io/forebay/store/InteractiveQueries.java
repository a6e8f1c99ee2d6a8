package io.forebay.store;

import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;

/**
 * Answers Kafka Streams' interactive queries (KIP-796) from an event store. Failures are values, not exceptions:
 *
 * <pre>
 * NOT_UP_TO_BOUND      the store has not seen what the position bound asks for: try again, or another instance
 * NOT_ACTIVE           the store is closed, or closes meanwhile: find out where the partition is now
 * UNKNOWN_QUERY_TYPE   not a query of this package
 * STORE_EXCEPTION      the query does not fit the store's definition, or the disk fails; the message says which
 * </pre>
 */
final class InteractiveQueries {

    private InteractiveQueries() {}

    static <E, R> QueryResult<R> answer(
            Query<R> query, PositionBound bound, QueryConfig config, QueriedEventStore<E> store) {
        long startNanos = System.nanoTime();
        Position before = store.position(isolationOf(query)); // what is read from here on is at least this new
        int partition = store.partition();
        QueryResult<R> result = isPast(bound, before, partition)
                ? dispatch(query, store)
                : QueryResult.notUpToBound(before, bound, partition);
        result.setPosition(before);
        if (config.isCollectExecutionInfo()) {
            result.addExecutionInfo(
                    "Handled by event store '" + store.name() + "' in " + (System.nanoTime() - startNanos) + " ns");
        }
        return result;
    }

    private static IsolationLevel isolationOf(Query<?> query) {
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

    private static <E, R> QueryResult<R> dispatch(Query<R> query, EventStore<E> store) {
        try {
            return answer(query, store);
        } catch (InvalidStateStoreException e) {
            throw e; // closing: the caller says so
        } catch (RuntimeException e) {
            return QueryResult.forFailure(FailureReason.STORE_EXCEPTION, "event store '" + store.name() + "': " + e);
        }
    }

    @SuppressWarnings("unchecked") // each query class fixes R, and E is a matter of trust as in every store
    private static <E, R> QueryResult<R> answer(Query<R> query, EventStore<E> store) {
        Object result;
        if (query instanceof EventQuery<?>) {
            result = store.query((EventQuery<E>) query);
        } else if (query instanceof EventByIdQuery<?>) {
            result = store.get((EventByIdQuery<E>) query);
        } else if (query instanceof EventsByIdsQuery<?>) {
            result = store.getAll((EventsByIdsQuery<E>) query);
        } else if (query instanceof EventCountQuery<?> count) {
            result = store.count((EventQuery<E>) count.query());
        } else if (query instanceof EventValuesQuery values) {
            result = store.values(values);
        } else if (query instanceof EventStatsQuery) {
            result = store.stats();
        } else {
            return QueryResult.forUnknownQueryType(query, store);
        }
        return QueryResult.forResult((R) result);
    }

    /** Whether the store has seen everything of its partition that the bound asks for. */
    private static boolean isPast(PositionBound bound, Position position, int partition) {
        for (String topic : bound.position().getTopics()) {
            Long wanted = bound.position().getPartitionPositions(topic).get(partition);
            Map<Integer, Long> seen = position.getPartitionPositions(topic);
            if (wanted != null && (seen.get(partition) == null || seen.get(partition) < wanted)) {
                return false;
            }
        }
        return true;
    }
}
