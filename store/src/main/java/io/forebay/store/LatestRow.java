package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;

/**
 * What a latest store keeps of a key, in RocksDB and in the changelog alike.
 *
 * <pre>
 * format (1) | flags (1) | version (8) | timestamp (8) | epoch (8) | updates (4) | length of headers (4) | headers | value
 *
 * flags  1  the key is deleted; the value is then the stream time at which it was (8)
 * </pre>
 *
 * <p>Numbers are big-endian. Immutable.
 *
 * @param version the version of the value, or of the delete
 * @param timestampMs the timestamp of its record, in milliseconds
 * @param epoch the flush interval in which it was put, or zero without an outbox; see {@link Outbox}
 * @param updates how many updates it stands for, since the last that was emitted
 * @param headers the headers of its record
 * @param tombstone whether the key is deleted
 * @param value the serialised value, or the time of a delete
 * @param indexKeys the encoded index values, each with the number of its index in front, of a row that is about to be written; they are
 *     not part of what is written, and so not there in a row that was read
 */
record LatestRow(
        long version,
        long timestampMs,
        long epoch,
        int updates,
        byte[] headers,
        boolean tombstone,
        byte[] value,
        List<byte[]> indexKeys) {

    static final byte FORMAT = 1;

    private static final int ARRAY_BYTES = 24;
    private static final int TOMBSTONE = 1;
    private static final int FIXED_BYTES = 2 + 3 * Long.BYTES + 2 * Integer.BYTES;

    /** A row without index values. */
    LatestRow(
            long version, long timestampMs, long epoch, int updates, byte[] headers, boolean tombstone, byte[] value) {
        this(version, timestampMs, epoch, updates, headers, tombstone, value, List.of());
    }

    static LatestRow deleted(
            long version, long timestampMs, long epoch, int updates, byte[] headers, long deletedAtMs) {
        byte[] time = ByteBuffer.allocate(Long.BYTES).putLong(deletedAtMs).array();
        return new LatestRow(version, timestampMs, epoch, updates, headers, true, time);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws SerializationException if it is something else
     */
    static LatestRow read(byte[] bytes) {
        if (bytes.length < FIXED_BYTES || bytes[0] != FORMAT) {
            throw new SerializationException("a row of a latest store has "
                    + (bytes.length == 0 ? "no bytes" : bytes.length + " bytes and format " + bytes[0])
                    + ", this version of Forebay reads format " + FORMAT);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        boolean tombstone = (buffer.get() & TOMBSTONE) != 0;
        long version = buffer.getLong();
        long timestampMs = buffer.getLong();
        long epoch = buffer.getLong();
        int updates = buffer.getInt();
        int headersLength = buffer.getInt();
        int valueAt = FIXED_BYTES + headersLength;
        if (headersLength < 0 || valueAt > bytes.length || tombstone && bytes.length - valueAt != Long.BYTES) {
            throw new SerializationException("a row of a latest store is cut off");
        }
        return new LatestRow(
                version,
                timestampMs,
                epoch,
                updates,
                Arrays.copyOfRange(bytes, FIXED_BYTES, valueAt),
                tombstone,
                Arrays.copyOfRange(bytes, valueAt, bytes.length));
    }

    /** The same with index values, about to be written. */
    LatestRow with(List<byte[]> newIndexKeys) {
        return new LatestRow(version, timestampMs, epoch, updates, headers, tombstone, value, newIndexKeys);
    }

    byte[] write() {
        return ByteBuffer.allocate(FIXED_BYTES + headers.length + value.length)
                .put(FORMAT)
                .put((byte) (tombstone ? TOMBSTONE : 0))
                .putLong(version)
                .putLong(timestampMs)
                .putLong(epoch)
                .putInt(updates)
                .putInt(headers.length)
                .put(headers)
                .put(value)
                .array();
    }

    /** The stream time when the key was deleted, in milliseconds; only of a tombstone. */
    long deletedAtMs() {
        return ByteBuffer.wrap(value).getLong();
    }

    /** The bytes of its arrays, estimated. */
    int sizeBytes() {
        int size = headers.length + value.length;
        for (byte[] indexKey : indexKeys) {
            size += ARRAY_BYTES + indexKey.length;
        }
        return size;
    }
}
