/**
 * Transactional, indexed RocksDB state stores for Kafka Streams, and the interactive queries they answer.
 *
 * <p>Start at {@link io.forebay.store.EventDefinition} (what an event is) and {@link io.forebay.store.EventStores} (a store
 * of them); ask with {@link io.forebay.store.EventQuery}, {@link io.forebay.store.EventByIdQuery} and
 * {@link io.forebay.store.EventStatsQuery}, through {@code KafkaStreams.query} or on the store itself.
 *
 * <p><b>Hot path.</b> A put serialises the event and adds it to a set in memory; RocksDB and the changelog topic see it
 * when the task commits, in one batch.
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
