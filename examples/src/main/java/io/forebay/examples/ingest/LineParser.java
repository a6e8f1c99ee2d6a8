package io.forebay.examples.ingest;

import io.forebay.serdes.event.Event;

/** Makes an event from the text of a line. Implementations are used by one thread. */
interface LineParser {

    /**
     * Parses a line.
     *
     * @param text the line, not blank
     * @param id the event's id, unless the line names one itself
     * @throws RejectedLineException if the line does not fit
     */
    Event parse(String text, String id) throws RejectedLineException;
}
