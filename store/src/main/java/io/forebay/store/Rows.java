package io.forebay.store;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The layout of rows in RocksDB; {@code docs/formats.md} draws it.
 *
 * <pre>
 * table    key                                        value
 * events   timestamp (8) | id                         format (1) | serialised event
 * ids      id                                         timestamp (8)
 * index    index number (2) | values | timestamp (8) | id   (empty)
 * </pre>
 *
 * <p>{@code timestamp | id} is the <em>position</em> of an event: unsigned byte order of positions is the total order of
 * events. Timestamps are nanoseconds since the epoch, big-endian with the sign bit flipped.
 */
final class Rows {

    /** First byte of every persisted event, in RocksDB and in the changelog alike. */
    static final byte FORMAT = 1;

    static final int TIMESTAMP_BYTES = Long.BYTES;

    static final Comparator<byte[]> UNSIGNED = Arrays::compareUnsigned;

    private static final byte[] EMPTY = {};

    private Rows() {}

    static byte[] position(long timestampNanos, byte[] id) {
        byte[] position = new byte[TIMESTAMP_BYTES + id.length];
        KeyCodec.putSortableLong(position, 0, timestampNanos);
        System.arraycopy(id, 0, position, TIMESTAMP_BYTES, id.length);
        return position;
    }

    static byte[] timestamp(long timestampNanos) {
        return position(timestampNanos, EMPTY);
    }

    static long timestampOf(byte[] position) {
        return KeyCodec.getSortableLong(position, 0);
    }

    static byte[] idOf(byte[] position) {
        return Arrays.copyOfRange(position, TIMESTAMP_BYTES, position.length);
    }

    /** The smallest position after this one. */
    static byte[] next(byte[] position) {
        return Arrays.copyOf(position, position.length + 1);
    }

    /** Where an event is, relative to a position that is empty or has a timestamp; allocates nothing. */
    static int comparePosition(EventRow event, byte[] position) {
        if (position.length == 0) {
            return 1;
        }
        int byTime = Long.compare(event.timestampNanos(), timestampOf(position));
        byte[] id = event.id();
        return byTime != 0
                ? byTime
                : Arrays.compareUnsigned(id, 0, id.length, position, TIMESTAMP_BYTES, position.length);
    }

    /** The order of events: by timestamp, then by id. */
    static int compare(EventRow left, EventRow right) {
        int byTime = Long.compare(left.timestampNanos(), right.timestampNanos());
        return byTime != 0 ? byTime : Arrays.compareUnsigned(left.id(), right.id());
    }

    static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    static boolean contains(byte[][] keys, byte[] key) {
        return Arrays.stream(keys).anyMatch(candidate -> Arrays.equals(candidate, key));
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The smallest key greater than every key with this prefix, which must not consist of FF bytes alone. */
    static byte[] successor(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xFF) {
            last--;
        }
        if (last < 0) {
            throw new IllegalArgumentException("no key is greater than all keys with the given prefix");
        }
        byte[] successor = Arrays.copyOf(prefix, last + 1);
        successor[last]++;
        return successor;
    }
}
