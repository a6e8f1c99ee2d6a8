/**
 * Steps for Kafka Streams topologies that buffer without losing, and a publisher that feeds them.
 *
 * <p>{@link io.forebay.processor.EventIndexer} brings an indexed event store along: one {@code .process(…)} and a stream of
 * events can be queried. {@link io.forebay.processor.PutNewer} passes on the newest state of each key, and nothing that is
 * older than what it has passed on. {@link io.forebay.processor.BatchWriter} writes records to something that is not Kafka,
 * in batches. {@link io.forebay.processor.EventPublisher} takes events from application threads to a topic without holding
 * them up; {@link io.forebay.processor.plan} says which of them are captured.
 *
 * <p><b>Commit rule.</b> Kafka Streams commits offsets without asking a buffer whether it is empty. Every buffer here hangs
 * on a state store that is called before the offsets are committed, and is drained then: also when a partition is revoked
 * and when the application closes.
 *
 * <p><b>Threads.</b> A step belongs to the StreamThread of its task and has no thread of its own, but for a batch writer's
 * blocking calls; what may be called from elsewhere says so.
 *
 * <p><b>Failure.</b> A record that cannot be used is reported by an exception from {@code process}, so that Kafka Streams'
 * exception handlers see the record it came from. A buffer that cannot be drained fails the task, whatever the handlers would say, and
 * its records are then processed again.
 */
@NullMarked
package io.forebay.processor;

import org.jspecify.annotations.NullMarked;
