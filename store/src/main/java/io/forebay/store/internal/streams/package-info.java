/**
 * The only place that touches Kafka Streams' {@code internals} packages, so that a new Kafka release is a change in one
 * place. Not an API: nothing here is meant for users.
 *
 * <p>What is needed from there, and why there is no public way:
 *
 * <ul>
 *   <li>{@link io.forebay.store.internal.streams.CommitAware}: being called before offsets are committed (only stores
 *       that Streams takes for caches are), and {@link io.forebay.store.internal.streams.CommitHook}, a store for nothing but that;
 *   <li>{@link io.forebay.store.internal.streams.TaskContext}: writing to the changelog topic, and learning which of its
 *       offsets the broker has acknowledged;
 *   <li>{@link io.forebay.store.internal.streams.ForwardScope}: forwarding records from there in the name of a
 *       processor, and telling the application's exception handlers of records that failed later;
 *   <li>{@link io.forebay.store.internal.streams.RestoreCallback}: restoring batches with their offsets;
 *   <li>{@link io.forebay.store.internal.streams.LocalStores}: a facade of one's own for {@code KafkaStreams.store}.
 * </ul>
 *
 * <p>{@link io.forebay.store.internal.streams.TaskSensors} needs nothing of the kind; it is what stores and processors share.
 *
 * <p>Everything here but {@code LocalStores} belongs to the StreamThread of a task. Written against Kafka 4.3.
 */
@NullMarked
package io.forebay.store.internal.streams;

import org.jspecify.annotations.NullMarked;
