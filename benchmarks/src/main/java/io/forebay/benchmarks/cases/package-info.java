/**
 * What benchmarks share that run each case in a JVM of its own: starting it, what it is told and how it answers, and the medians of
 * what it said.
 */
@NullMarked
package io.forebay.benchmarks.cases;

import org.jspecify.annotations.NullMarked;
