package io.forebay.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The record in the changelog that says up to which epoch everything is emitted; see {@link Outbox}. It has a key that no update may have.
 *
 * <pre>FF "forebay-emitted" → format (1) | epoch (8)</pre>
 */
final class OutboxMarker {

    private static final byte[] KEY = "?forebay-emitted".getBytes(StandardCharsets.UTF_8);

    static {
        KEY[0] = (byte) 0xFF; // which is not UTF-8
    }

    private OutboxMarker() {}

    static byte[] key() {
        return KEY.clone();
    }

    static boolean isKey(byte[] key) {
        return Arrays.equals(key, KEY);
    }

    static byte[] write(long epoch) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(LatestRow.FORMAT)
                .putLong(epoch)
                .array();
    }

    static long read(byte[] bytes) {
        if (bytes.length != 1 + Long.BYTES || bytes[0] != LatestRow.FORMAT) {
            throw new SerializationException("the record of what is emitted has "
                    + (bytes.length == 0 ? "no bytes" : bytes.length + " bytes and format " + bytes[0])
                    + ", this version of Forebay reads format " + LatestRow.FORMAT);
        }
        return ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong();
    }
}
