package io.forebay.processor;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Where a {@link BatchWriter} writes to, without blocking: a client with asynchronous calls.
 *
 * <p>A batch may be written more than once: after a failure, a time-out, a crash or a rebalance. Writing has to be idempotent,
 * or guarded by a version.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface BatchTarget<K, V> {

    /**
     * Starts to write a batch. Called by StreamThreads, for different tasks and batches at the same time; must not block.
     *
     * <p>When a call takes too long, {@code cancel(true)} is called on its {@code toCompletableFuture()}. The batch is then
     * written again; if the first call does have an effect after all, it may come late, even after that of a later batch.
     *
     * @param batch at least one record; records of one key are in order. Immutable and never reused
     * @return completes when all of it is written; if exceptionally, all of it is taken to be unwritten
     * @throws Exception if it is not written; as if the stage had completed with it. An {@code Error} fails the task
     */
    CompletionStage<?> write(List<Record<K, V>> batch) throws Exception;
}
