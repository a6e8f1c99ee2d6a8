package io.forebay.store;

import java.util.Arrays;

/** Bytes of a key that is being put together; can be used again for the next one. Not thread-safe, and unlike streams without locks. */
final class KeyBuffer {

    private byte[] bytes = new byte[64];
    private int length;

    void write(int value) {
        ensureRoom(1);
        bytes[length++] = (byte) value;
    }

    void write(byte[] source) {
        write(source, 0, source.length);
    }

    void write(byte[] source, int at, int size) {
        ensureRoom(size);
        System.arraycopy(source, at, bytes, length, size);
        length += size;
    }

    /** Eight bytes that sort as the numbers do. */
    void writeSortable(long value) {
        ensureRoom(Long.BYTES);
        KeyCodec.putSortableLong(bytes, length, value);
        length += Long.BYTES;
    }

    /** What was written since the last time, and an empty buffer. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, length);
        length = 0;
        return taken;
    }

    private void ensureRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }
}
