package io.forebay.store;

import io.forebay.store.internal.streams.TaskContext;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * What exists from the opening of a store to its closing, whatever its kind.
 *
 * @param changelog null if the store is not logged
 * @param position what has been put, or restored: goes on
 */
record StoreCore(
        String name,
        StateStoreContext context,
        TaskContext task,
        @Nullable TopicPartition changelog,
        EventDatabase database,
        StoreMeta meta,
        StoreMetrics metrics,
        Position position) {}
