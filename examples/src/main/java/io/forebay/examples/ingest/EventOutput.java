package io.forebay.examples.ingest;

import io.forebay.examples.cli.UserError;
import io.forebay.serdes.event.Event;

/** Where ingested events go: takes them at its own pace and vouches for them. Used by one thread. */
interface EventOutput {

    /**
     * Takes an event, waiting while too many are under way.
     *
     * @throws UserError if an earlier event could not be written
     */
    void publish(Event event) throws InterruptedException;

    /**
     * Waits until every event taken so far is safe.
     *
     * @throws UserError if one of them could not be written
     */
    void flush() throws InterruptedException;
}
