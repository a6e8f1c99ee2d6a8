/**
 * The {@code forebay} command: runnable programs on real events.
 *
 * <ul>
 *   <li>{@code io.forebay.examples.cli}: the command line, its verbs, and what they share: data directory, log file, start-up
 *       and shut-down;
 *   <li>{@code io.forebay.examples.jfr}: the source of real events, the flight recorder of this or another JVM;
 *   <li>{@code io.forebay.examples.ingest}: files as a source of events.
 * </ul>
 *
 * <p>Nothing here is meant to be used as a library.
 */
@NullMarked
package io.forebay.examples;

import org.jspecify.annotations.NullMarked;
