package io.forebay.store;

import java.util.List;

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
    private final byte[] id;
    private final long timestampNanos;
    private final byte[] payload;
    private final List<byte[]> indexKeys;

    PreparedEvent(E event, byte[] id, long timestampNanos, byte[] payload, List<byte[]> indexKeys) {
        this.event = event;
        this.id = id;
        this.timestampNanos = timestampNanos;
        this.payload = payload;
        this.indexKeys = indexKeys;
    }

    /** The event as it was given. */
    public E event() {
        return event;
    }

    /** When it happened, in nanoseconds since the epoch. */
    public long timestampNanos() {
        return timestampNanos;
    }

    /** The memory this takes in a buffer, in bytes, estimated. */
    public int sizeBytes() {
        int size = 64 + id.length + payload.length;
        for (byte[] key : indexKeys) {
            size += 24 + key.length;
        }
        return size;
    }

    byte[] id() {
        return id;
    }

    /** Where it lies in the order of all events. */
    byte[] position() {
        return Rows.position(timestampNanos, id);
    }

    byte[] payload() {
        return payload;
    }

    /** The encoded index values, each with the number of its index in front. */
    List<byte[]> indexKeys() {
        return indexKeys;
    }
}
