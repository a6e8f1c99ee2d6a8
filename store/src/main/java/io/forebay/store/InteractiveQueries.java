package io.forebay.store;

import java.util.Map;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;

/**
 * Answers Kafka Streams' interactive queries (KIP-796) from a store. Failures are values, not exceptions:
 *
 * <pre>
 * NOT_UP_TO_BOUND      the store has not seen what the position bound asks for: try again, or another instance
 * NOT_ACTIVE           the store is closed, or closes meanwhile: find out where the partition is now
 * UNKNOWN_QUERY_TYPE   not a query for this kind of store
 * STORE_EXCEPTION      the query does not fit the store's definition, or the disk fails; the message says which
 * </pre>
 */
final class InteractiveQueries {

    private InteractiveQueries() {}

    static <R> QueryResult<R> answer(Query<R> query, PositionBound bound, QueryConfig config, QueriedStore store) {
        long startNanos = System.nanoTime();
        Position before = store.position(store.isolationOf(query)); // what is read from here on is at least this new
        int partition = store.partition();
        QueryResult<R> result = isPast(bound, before, partition)
                ? dispatch(query, store)
                : QueryResult.notUpToBound(before, bound, partition);
        result.setPosition(before);
        if (config.isCollectExecutionInfo()) {
            result.addExecutionInfo("Handled by " + store.kind() + " '" + store.name() + "' in "
                    + (System.nanoTime() - startNanos) + " ns");
        }
        return result;
    }

    private static <R> QueryResult<R> dispatch(Query<R> query, QueriedStore store) {
        try {
            return answer(query, store);
        } catch (InvalidStateStoreException e) {
            throw e; // closing: the caller says so
        } catch (RuntimeException e) {
            return QueryResult.forFailure(
                    FailureReason.STORE_EXCEPTION, store.kind() + " '" + store.name() + "': " + e);
        }
    }

    @SuppressWarnings("unchecked") // each query class fixes R
    private static <R> QueryResult<R> answer(Query<R> query, QueriedStore store) {
        Object result = store.answerTo(query);
        return result == null
                ? QueryResult.forFailure(
                        FailureReason.UNKNOWN_QUERY_TYPE,
                        store.kind() + " '" + store.name() + "' does not answer a "
                                + query.getClass().getName())
                : QueryResult.forResult((R) result);
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
