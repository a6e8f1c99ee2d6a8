package io.forebay.store;

import java.util.Map;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;

/** Answers Kafka Streams' interactive queries (KIP-796) from an event store. Failures are values, not exceptions. */
final class InteractiveQueries {

    private InteractiveQueries() {}

    static <E, R> QueryResult<R> answer(
            Query<R> query,
            PositionBound bound,
            QueryConfig config,
            EventStore<E> store,
            Position position,
            int partition) {
        long startNanos = System.nanoTime();
        Position before = position.copy(); // what is read from here on is at least this new
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

    @SuppressWarnings("unchecked") // each query class fixes R, and E is a matter of trust as in every store
    private static <E, R> QueryResult<R> dispatch(Query<R> query, EventStore<E> store) {
        try {
            if (query instanceof EventQuery<?>) {
                return (QueryResult<R>) QueryResult.forResult(store.query((EventQuery<E>) query));
            }
            if (query instanceof EventByIdQuery<?> byId) {
                return (QueryResult<R>) QueryResult.forResult(store.get(byId.id()));
            }
            if (query instanceof EventStatsQuery) {
                return (QueryResult<R>) QueryResult.forResult(store.stats());
            }
            return QueryResult.forUnknownQueryType(query, store);
        } catch (RuntimeException e) {
            return QueryResult.forFailure(
                    FailureReason.STORE_EXCEPTION, "event store '" + store.name() + "': " + e.getMessage());
        }
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
