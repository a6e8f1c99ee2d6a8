package io.forebay.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * RocksDB's own representation of a write batch, made here so that a batch of a million rows is one call through JNI and not a
 * million.
 *
 * <pre>
 * sequence (8, zero) | number of records (4, little-endian) | records
 * put       01 | key | value                05 | column family | key | value
 * delete    00 | key                        04 | column family | key
 * range     0F | from | to                  0E | column family | from | to
 * </pre>
 *
 * <p>Lengths and column families are varints, keys and values have their length in front. It is the format of the write-ahead
 * log, which RocksDB reads for as long as it opens old databases. Room is made before rows are added. Not thread-safe.
 */
final class BatchBytes {

    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;

    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    private byte[] bytes = new byte[HEADER_BYTES];
    private int length = HEADER_BYTES;
    private int count;

    void put(int columnFamily, byte[] source, int keyAt, int keyLength, int valueLength) {
        begin(columnFamily, 0x05, 0x01);
        append(source, keyAt, keyLength);
        append(source, keyAt + keyLength, valueLength);
    }

    void delete(int columnFamily, byte[] source, int keyAt, int keyLength) {
        begin(columnFamily, 0x04, 0x00);
        append(source, keyAt, keyLength);
    }

    void deleteRange(int columnFamily, byte[] from, byte[] to) {
        reserve(sizeOfPut(columnFamily, from.length, to.length));
        begin(columnFamily, 0x0E, 0x0F);
        append(from, 0, from.length);
        append(to, 0, to.length);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The size of a put, in bytes. */
    static long sizeOfPut(int columnFamily, int keyLength, int valueLength) {
        return sizeOfDelete(columnFamily, keyLength) + sizeOfVarint(valueLength) + valueLength;
    }

    /** The size of a delete, in bytes. */
    static long sizeOfDelete(int columnFamily, int keyLength) {
        return 1L + (columnFamily == 0 ? 0 : sizeOfVarint(columnFamily)) + sizeOfVarint(keyLength) + keyLength;
    }

    /**
     * Makes room for so many bytes more, and no more than that: a batch that is made room for as a whole is neither copied nor
     * larger than it has to be.
     *
     * @throws IllegalStateException if the batch would be larger than RocksDB, or an array, can be
     */
    void reserve(long more) {
        long needed = length + more;
        if (needed > MAX_BYTES) {
            throw new IllegalStateException("a batch cannot have " + needed + " bytes, more than " + MAX_BYTES);
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) needed);
        }
    }

    /** The batch; nothing can be added to it any more. */
    byte[] toByteArray() {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, count);
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void begin(int columnFamily, int tag, int tagOfDefault) {
        count++;
        if (columnFamily == 0) {
            bytes[length++] = (byte) tagOfDefault;
        } else {
            bytes[length++] = (byte) tag;
            varint(columnFamily);
        }
    }

    private void append(byte[] source, int at, int size) {
        varint(size);
        System.arraycopy(source, at, bytes, length, size);
        length += size;
    }

    private void varint(int value) {
        int rest = value;
        while (rest >= 0x80) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private static int sizeOfVarint(int value) {
        return value == 0 ? 1 : (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7;
    }
}
