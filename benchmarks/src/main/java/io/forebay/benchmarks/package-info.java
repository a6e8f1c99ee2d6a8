/**
 * Comparisons with peers: each benchmark runs ours and theirs in one go, ends when the data is where it should be, and reports
 * losses beside throughput. {@link io.forebay.benchmarks.BufferBench} measures the buffers; rows of all benchmarks are
 * {@link io.forebay.benchmarks.ResultRow}s, written by {@link io.forebay.benchmarks.ResultFiles}.
 */
@NullMarked
package io.forebay.benchmarks;

import org.jspecify.annotations.NullMarked;
