/**
 * The event store against the stores that come with Kafka Streams and against RocksDB alone: the table of {@code forebay bench
 * store}.
 *
 * <p>{@link io.forebay.benchmarks.store.StoreSuite} starts one broker in a process of its own and runs every case in a JVM of its
 * own ({@link io.forebay.benchmarks.cases.CaseJvm}), in rounds. A case is a class with a {@code main} method that reads {@link
 * io.forebay.benchmarks.cases.CaseArguments} and prints figures. {@link io.forebay.benchmarks.store.StoreRows} makes
 * the table out of their medians.
 *
 * <p>What is ingested is known to every JVM without being told ({@link io.forebay.benchmarks.store.SampleEvents}), so each case can compare what is in a
 * store with what was sent. The clock does not run meanwhile.
 */
@NullMarked
package io.forebay.benchmarks.store;

import org.jspecify.annotations.NullMarked;
