package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keys of the rows in a latest store's table of queues, which have no values: what is to be done, in the order in which it is due.
 *
 * <pre>
 * 00 | epoch (8)       | key    the row of this key has to be emitted
 * 01 | stream time (8) | key    the tombstone of this key was put then
 * </pre>
 *
 * <p>A row counts only if the row of the key still says the same; else the key has been written since. Numbers are big-endian, with the sign
 * bit flipped.
 */
final class QueueRows {

    private static final byte OUTBOX = 0;
    private static final byte TOMBSTONES = 1;
    private static final byte END = 2;
    private static final int PREFIX_BYTES = 1 + Long.BYTES;

    private QueueRows() {}

    static byte[] pending(long epoch, byte[] key) {
        return row(OUTBOX, epoch, key);
    }

    static byte[] tombstone(long deletedAtMs, byte[] key) {
        return row(TOMBSTONES, deletedAtMs, key);
    }

    /** Where the rows with this epoch, and then those with later ones, begin. */
    static byte[] pendingFrom(long epoch) {
        return pending(epoch, new byte[0]);
    }

    static byte[] endOfPending() {
        return new byte[] {TOMBSTONES};
    }

    static byte[] tombstonesFrom(long deletedAtMs) {
        return tombstone(deletedAtMs, new byte[0]);
    }

    static byte[] endOfTombstones() {
        return new byte[] {END};
    }

    /** The epoch, or the time. */
    static long numberOf(byte[] row) {
        return KeyCodec.getSortableLong(row, 1);
    }

    static byte[] keyOf(byte[] row) {
        return Arrays.copyOfRange(row, PREFIX_BYTES, row.length);
    }

    private static byte[] row(byte queue, long number, byte[] key) {
        byte[] row = ByteBuffer.allocate(PREFIX_BYTES + key.length)
                .put(queue)
                .putLong(0)
                .put(key)
                .array();
        KeyCodec.putSortableLong(row, 1, number);
        return row;
    }
}
