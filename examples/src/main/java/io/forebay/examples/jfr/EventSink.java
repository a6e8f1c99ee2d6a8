package io.forebay.examples.jfr;

import io.forebay.serdes.event.Event;

/**
 * Where captured events go.
 *
 * <p>Called on the one thread that reads the flight recorder's stream. An implementation must not block: while it does,
 * recorded data piles up on disk in the observed JVM. It answers at once whether it took the event.
 */
@FunctionalInterface
public interface EventSink {

    /**
     * Takes an event, or refuses it.
     *
     * @param event the event; never touched again by the caller
     * @return true if the event was accepted, false if it was dropped
     */
    boolean accept(Event event);
}
