package io.forebay.examples.ingest;

/** Shows how far an ingest is. */
interface Progress extends AutoCloseable {

    /** Called after each line; cheap. */
    void advance(long bytesRead, long events);

    @Override
    void close();
}
