/**
 * The command line: {@code ./forebay VERB}.
 *
 * <p>{@link io.forebay.examples.cli.Main} mounts the verbs. Exit codes are 0 (done), 1 (it did not work; one line on standard
 * error says why) and 2 (wrong usage); a program ended by a signal has 128 + the signal's number, as usual. Results go to
 * standard output, everything else to standard error.
 *
 * <p>What long-running verbs share:
 *
 * <ul>
 *   <li>{@link io.forebay.examples.cli.DataDir} owns the data directory: its lock, its {@code run.json}, its log file;
 *   <li>{@link io.forebay.examples.cli.StartupLog} shows the steps of a start and how long they took;
 *   <li>{@link io.forebay.examples.cli.Shutdown} stops everything in reverse order, in bounded time.
 * </ul>
 *
 * <p><b>Failures.</b> {@link io.forebay.examples.cli.UserError} carries a message for the user and is shown without a stack
 * trace. Any other exception is a defect: it is shown in one line, and in full with {@code --verbose}.
 */
@NullMarked
package io.forebay.examples.cli;

import org.jspecify.annotations.NullMarked;
