package io.forebay.store;

/**
 * An event for which everything that can fail because of the event itself has been done: its id, timestamp and index
 * values were extracted and validated, and it was serialised. Made by {@link EventStore#prepare}; a buffer in front of
 * the store holds these, so that a bad event is reported against the record it came from, not against the flush.
 *
 * <p>Immutable.
 *
 * @param <E> the type of the events
 */
public final class PreparedEvent<E> {

    private final E event;
    private final EventRow row;

    PreparedEvent(E event, EventRow row) {
        this.event = event;
        this.row = row;
    }

    /** The event as it was given. */
    public E event() {
        return event;
    }

    /** When it happened, in nanoseconds since the epoch. */
    public long timestampNanos() {
        return row.timestampNanos();
    }

    /** The memory this takes in a buffer, in bytes, estimated. */
    public int sizeBytes() {
        return row.sizeBytes();
    }

    /** What of it is stored. */
    EventRow row() {
        return row;
    }
}
