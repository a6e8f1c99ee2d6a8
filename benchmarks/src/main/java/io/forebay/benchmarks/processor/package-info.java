/**
 * The steps for topologies and the publisher against what Kafka Streams and the producer offer: the table of {@code forebay bench
 * processor}.
 *
 * <p>{@link io.forebay.benchmarks.processor.ProcessorSuite} starts one broker and runs every case in a JVM of its own, in rounds;
 * {@link io.forebay.benchmarks.processor.ProcessorRows} makes the table out of the medians.
 */
@NullMarked
package io.forebay.benchmarks.processor;

import org.jspecify.annotations.NullMarked;
