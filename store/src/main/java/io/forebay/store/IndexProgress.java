package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How far the filling of an index has come.
 *
 * <pre>
 * events (8) | length of the row (2) | row, as in {@link IndexRow} | position of the last of these events
 * </pre>
 *
 * @param row the index
 * @param events how many events have their rows
 * @param last the position of the last of them; empty if there is none
 */
record IndexProgress(IndexRow row, long events, byte[] last) {

    static IndexProgress none(IndexRow row) {
        return new IndexProgress(row, 0, new byte[0]);
    }

    static IndexProgress read(ByteBuffer bytes) {
        long events = bytes.getLong();
        byte[] row = new byte[bytes.getShort()];
        bytes.get(row);
        byte[] last = new byte[bytes.remaining()];
        bytes.get(last);
        return new IndexProgress(IndexRow.read(ByteBuffer.wrap(row)), events, last);
    }

    byte[] write() {
        byte[] rowBytes = row.write();
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES + rowBytes.length + last.length)
                .putLong(events)
                .putShort((short) rowBytes.length)
                .put(rowBytes)
                .put(last)
                .array();
    }

    boolean isAsFarAs(IndexProgress other) {
        return Arrays.equals(last, other.last);
    }
}
