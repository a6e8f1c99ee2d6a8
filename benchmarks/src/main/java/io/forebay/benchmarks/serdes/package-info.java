/**
 * What it costs to write and read a trace event, against the peer's serde and against Avro without any framing.
 *
 * <p>All contenders run in the same JVM settings, one after the other, one thread, all caches warm: no registry is asked
 * while the clock runs. Peers get the settings their documentation recommends; Avro reuses encoder, decoder and stream.
 */
@NullMarked
package io.forebay.benchmarks.serdes;

import org.jspecify.annotations.NullMarked;
