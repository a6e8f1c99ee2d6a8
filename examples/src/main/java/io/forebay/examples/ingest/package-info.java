/**
 * {@code forebay ingest}: real files become events.
 *
 * <p>{@link io.forebay.examples.ingest.IngestCommand} checks the options, then {@code Ingest} runs the loop: a
 * {@code LineReader} cuts the file into lines of bounded length and gives each an id ({@code LineIds}), a
 * {@code LineDecoder} makes text of it, a {@code LineParser} (JSON Lines or a regular expression) an event, and an
 * {@code EventOutput} writes it to Kafka.
 *
 * <p><b>Ids</b> are worked out from the content of the file up to and including the line, so that reading a file again
 * replaces its events instead of duplicating them, also when it has been moved, packed or appended to.
 *
 * <p><b>Hot path:</b> one pass over the bytes, one SHA-256, one decode and one parse per line.
 *
 * <p><b>Threads:</b> everything runs on the calling thread; the Kafka producer sends from its own and makes the caller wait
 * when its buffer is full.
 *
 * <p><b>Failure:</b> a line that does not fit is counted and shown, or with {@code --strict} ends the run; a broken file, a
 * missing broker or an unacknowledged event ends it with one message, and the same command can be run again.
 */
@NullMarked
package io.forebay.examples.ingest;

import org.jspecify.annotations.NullMarked;
