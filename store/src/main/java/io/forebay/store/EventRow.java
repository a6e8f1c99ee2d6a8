package io.forebay.store;

/**
 * What is stored of an event, apart from the event: a store keeps millions of these in memory for a while, and objects that live
 * for a while are what a garbage collector has to copy. Immutable.
 */
final class EventRow {

    private static final int ARRAY_HEADER_BYTES = 24;
    private static final int OBJECT_BYTES = 64;

    private final byte[] id;
    private final long timestampNanos;
    private final byte[] payload;
    private final byte[][] indexKeys;

    EventRow(byte[] id, long timestampNanos, byte[] payload, byte[][] indexKeys) {
        this.id = id;
        this.timestampNanos = timestampNanos;
        this.payload = payload;
        this.indexKeys = indexKeys;
    }

    byte[] id() {
        return id;
    }

    long timestampNanos() {
        return timestampNanos;
    }

    /** Where it lies in the order of all events. */
    byte[] position() {
        return Rows.position(timestampNanos, id);
    }

    /** The format, and the event as its serde writes it. */
    byte[] payload() {
        return payload;
    }

    /** The encoded index values, each with the number of its index in front. Not to be changed. */
    byte[][] indexKeys() {
        return indexKeys;
    }

    /** The memory this takes, in bytes, estimated. */
    int sizeBytes() {
        int size = OBJECT_BYTES + id.length + payload.length;
        for (byte[] key : indexKeys) {
            size += ARRAY_HEADER_BYTES + key.length;
        }
        return size;
    }
}
