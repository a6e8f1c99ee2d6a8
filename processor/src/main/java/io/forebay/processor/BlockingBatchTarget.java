package io.forebay.processor;

import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Where a {@link BatchWriter} writes to, with calls that block: JDBC, a simple HTTP client.
 *
 * <p>A batch may be written more than once: after a failure, a time-out, a crash or a rebalance. Writing has to be idempotent,
 * or guarded by a version.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface BlockingBatchTarget<K, V> {

    /**
     * Writes a batch. Called by threads of the writer's own, for different tasks and batches at the same time.
     *
     * <p>A call that takes too long is interrupted, and has to return soon after that, with whatever exception: it is not made
     * again before it has returned. If it does not return in the time for its batch, that is given up, and what comes behind it in its
     * lane is written by another thread; what the call still does may then come after that. When there would be
     * more than twice as many calls as may be in flight, because so many are stuck, the task fails.
     *
     * @param batch at least one record; records of one key are in order. Immutable and never reused
     * @throws Exception if it was not written; all of it is taken to be unwritten. An {@code Error} fails the task
     */
    void write(List<Record<K, V>> batch) throws Exception;
}
