package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The position below which every event is gone, by retention, by the bound on their number, or by
 * {@link EventStore#deleteBefore}; and how many have gone that way. It only ever rises, and events below it are refused, so
 * that rows below it may be left where they are until somebody sweeps them.
 *
 * <p>In the changelog it is a record with a key that no event has. Immutable.
 */
final class Floor {

    /** Under nothing: no event is gone. */
    static final Floor NONE = new Floor(new byte[0], 0);

    /** The key in the changelog and among the changes in memory. Ids are UTF-8, in which this byte does not occur. */
    private static final byte[] KEY = {(byte) 0xFF};

    private final byte[] position;
    private final long timestampNanos;
    private final long evicted;

    Floor(byte[] position, long evicted) {
        this.position = position;
        this.timestampNanos = position.length == 0 ? Long.MIN_VALUE : Rows.timestampOf(position);
        this.evicted = evicted;
    }

    /** The one of two that hides more; the first if they hide the same or the second is missing. */
    static Floor higher(Floor current, @Nullable Floor other) {
        return other != null && other.hides(current.position) ? other : current;
    }

    static byte[] key() {
        return KEY.clone();
    }

    static boolean isKey(byte[] key) {
        return Arrays.equals(key, KEY);
    }

    byte[] position() {
        return position;
    }

    /** The smallest timestamp that an event can have. */
    long timestampNanos() {
        return timestampNanos;
    }

    /** How many events have been below a floor of this store, ever. */
    long evicted() {
        return evicted;
    }

    /** Whether there can be no event at this position. */
    boolean hides(byte[] eventPosition) {
        return Arrays.compareUnsigned(eventPosition, position) < 0;
    }

    /** Whether there can be no event with this timestamp and id. */
    boolean hides(long eventTimestampNanos, byte[] id) {
        if (eventTimestampNanos != timestampNanos) {
            return eventTimestampNanos < timestampNanos;
        }
        return position.length > 0
                && Arrays.compareUnsigned(id, 0, id.length, position, Rows.TIMESTAMP_BYTES, position.length) < 0;
    }

    boolean hides(EventRow event) {
        return hides(event.timestampNanos(), event.id());
    }

    /** <pre>format (1) | evicted (8) | position</pre> */
    byte[] write() {
        return ByteBuffer.allocate(1 + Long.BYTES + position.length)
                .put(Rows.FORMAT)
                .putLong(evicted)
                .put(position)
                .array();
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws SerializationException if it is something else
     */
    static Floor read(byte[] bytes) {
        if (bytes.length <= Long.BYTES || bytes[0] != Rows.FORMAT) {
            throw new SerializationException("the record of deleted events has "
                    + (bytes.length == 0 ? "no bytes" : bytes.length + " bytes and format " + bytes[0])
                    + ", this version of Forebay reads format " + Rows.FORMAT);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        long evicted = buffer.getLong();
        return new Floor(Arrays.copyOfRange(bytes, buffer.position(), bytes.length), evicted);
    }
}
