/**
 * Transactional, indexed RocksDB state stores for Kafka Streams, and the interactive queries they answer.
 *
 * <p>Start at {@link io.forebay.store.EventDefinition} (what an event is) and {@link io.forebay.store.EventStores} (a store
 * of them). Questions are objects: {@link io.forebay.store.EventQuery} for events by time and index,
 * {@link io.forebay.store.EventCountQuery} for their number, {@link io.forebay.store.EventByIdQuery} and
 * {@link io.forebay.store.EventsByIdsQuery}, {@link io.forebay.store.EventValuesQuery} for the values of an index,
 * {@link io.forebay.store.EventStatsQuery}. They go to {@code KafkaStreams.query}, which answers for each partition; to the
 * store itself, within the topology; or to all local partitions as one, through {@code KafkaStreams.store} with
 * {@link io.forebay.store.EventStores#queryableType}. The latter two also give an {@link io.forebay.store.EventIterator},
 * for more events than fit into memory.
 *
 * <p>{@link io.forebay.store.LatestStores} makes stores of another kind, with the same commit protocol: the newest version of each
 * key ({@link io.forebay.store.LatestDefinition} says what keys and values are).
 *
 * <p><b>Hot path.</b> A put serialises the event and adds it to a set in memory; RocksDB and the changelog topic see it
 * when the task commits, in one batch.
 *
 * A query seeks in the tables of one RocksDB snapshot and merges what it finds with the sets in memory, which it looks
 * through from end to end.
 *
 * <p><b>Threads.</b> Writing belongs to the StreamThread of the task; every query may come from any thread.
 *
 * <p><b>Failure.</b> A bad event is an {@link io.forebay.store.InvalidEventException} for the record it came from.
 * Anything wrong with the disk is a {@code ProcessorStateException}, which fails the task and loses nothing that was
 * committed.
 */
@NullMarked
package io.forebay.store;

import org.jspecify.annotations.NullMarked;
