/**
 * Interactive queries over HTTP: the events that a Kafka Streams application stores, answered as JSON while they are
 * still arriving, and a web page that shows them.
 *
 * <p>{@link io.forebay.query.QueryServer} is the front door. The interface is described in {@code docs/rest.md}.
 *
 * <p><b>Hot path.</b> A request is parsed into one {@link io.forebay.store.EventQuery}, which every partition answers on
 * its own, in order and with the full limit; the answers are merged into one global order, and only then is the limit
 * applied to the whole.
 *
 * <p><b>Threads.</b> HTTP threads parse and wait; a bounded pool runs the queries, so that a slow store never takes all
 * HTTP threads and never more memory than that many answers. StreamThreads are not involved: stores answer from the
 * calling thread.
 *
 * <p><b>Failure.</b> An answer is whole or it is an error. While partitions are moving or being restored, clients get
 * {@code 503} with {@code Retry-After} and the names of the partitions that did not answer, never a list that silently
 * lacks some of them. Every error is a problem document (RFC 9457); none carries a stack trace.
 */
@NullMarked
package io.forebay.query;

import org.jspecify.annotations.NullMarked;
