package io.forebay.serdes;

import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/**
 * Writes Avro's binary encoding into one growing array, header first, so that a record is copied exactly once: into the
 * result. (Avro's encoders copy through a buffer into a stream into the result.)
 *
 * <p>Not thread-safe; reused for one record after the other.
 */
final class ArrayEncoder extends BinaryEncoder {
    private static final int INITIAL_BYTES = 512;
    /** What is kept between records; a larger array was for an exceptional record. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final int MAX_INT_BYTES = 5;
    private static final int MAX_LONG_BYTES = 10;

    private byte[] buffer = new byte[INITIAL_BYTES];
    private int size;

    /** Begins a record with {@code header}. */
    void reset(byte[] header) {
        if (buffer.length > KEPT_BYTES) {
            buffer = new byte[INITIAL_BYTES];
        }
        size = 0;
        writeFixed(header, 0, header.length);
    }

    /** What was written since {@link #reset}, in an array of its own. */
    byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    @Override
    public void writeString(String text) {
        int length = text.length();
        ensure((long) length + MAX_INT_BYTES);
        int start = size;
        int at = start + BinaryData.encodeInt(length, buffer, start);
        byte[] target = buffer;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                writeEncoded(text);
                return;
            }
            target[at + i] = (byte) c;
        }
        size = at + length;
    }

    private void writeEncoded(String text) {
        byte[] encoded = Texts.utf8(text);
        writeInt(encoded.length);
        writeFixed(encoded, 0, encoded.length);
    }

    @Override
    public void writeBoolean(boolean value) {
        ensure(1);
        buffer[size++] = (byte) (value ? 1 : 0);
    }

    @Override
    public void writeInt(int value) {
        ensure(MAX_INT_BYTES);
        size += BinaryData.encodeInt(value, buffer, size);
    }

    @Override
    public void writeLong(long value) {
        ensure(MAX_LONG_BYTES);
        size += BinaryData.encodeLong(value, buffer, size);
    }

    @Override
    public void writeFloat(float value) {
        ensure(Float.BYTES);
        size += BinaryData.encodeFloat(value, buffer, size);
    }

    @Override
    public void writeDouble(double value) {
        ensure(Double.BYTES);
        size += BinaryData.encodeDouble(value, buffer, size);
    }

    @Override
    public void writeFixed(byte[] bytes, int start, int length) {
        ensure(length);
        System.arraycopy(bytes, start, buffer, size, length);
        size += length;
    }

    @Override
    protected void writeZero() {
        ensure(1);
        buffer[size++] = 0;
    }

    @Override
    public int bytesBuffered() {
        return 0; // nothing is waiting to go elsewhere
    }

    @Override
    public void flush() {
        // The array is the destination.
    }

    private void ensure(long more) {
        long needed = size + more;
        if (needed > buffer.length) {
            if (needed > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "record needs more than " + needed + " bytes, too large for an array");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(Math.max(needed, buffer.length * 2L), Integer.MAX_VALUE - 8));
        }
    }
}
