/**
 * Live events from the JVM's flight recorder (JFR), of this JVM or of another one.
 *
 * <p>{@link io.forebay.examples.jfr.JfrSource} owns a recording and its stream.
 * {@link io.forebay.examples.jfr.JfrSettings} says which events are recorded from which duration on. One table
 * ({@code EventMapping}) says for each type of event which thread it is about, what ties it to others and which frame of
 * the stack it happened in; types that are not in the table are captured as well, without a correlation.
 *
 * <p><b>Hot path:</b> the observed threads only write to the flight recorder's thread-local buffers. Once a second the
 * stream's thread reads them, builds one {@link io.forebay.serdes.event.Event} each and offers it to an
 * {@link io.forebay.examples.jfr.EventSink}, which must not block.
 *
 * <p><b>Threads:</b> mapping and sink run on the stream's one thread; everything public may be called from any.
 *
 * <p><b>Failure:</b> attaching fails with a message to act on; afterwards an event that cannot be mapped or is refused is
 * counted and never stops the stream. The end of an observed JVM ends the stream, see
 * {@link io.forebay.examples.jfr.JfrSource#isRunning}.
 */
@NullMarked
package io.forebay.examples.jfr;

import org.jspecify.annotations.NullMarked;
