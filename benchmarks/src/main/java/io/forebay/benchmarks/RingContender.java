package io.forebay.benchmarks;

/** A ring or queue under test: one instance moves events from writers to readers, any number of times. */
interface RingContender {
    /** Writes events, waiting when there is no room. Called by each writer thread with its share. */
    void write(Object[] events, int count);

    /** Reads until the given number of events has been seen, and returns the number of those that were wrong (lost, or null). */
    long read(int reader, int count);

    /** Lets go of threads. */
    default void close() {}
}
