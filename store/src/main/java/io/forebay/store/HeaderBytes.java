package io.forebay.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The headers of a record, as bytes of a row.
 *
 * <pre>for each header: length of the key (4) | key, UTF-8 | length of the value (4), -1 for null | value</pre>
 */
final class HeaderBytes {

    private static final byte[] NONE = {};
    private static final int NULL = -1;

    private HeaderBytes() {}

    static byte[] write(Headers headers) {
        ByteArrayOutputStream out = null;
        for (Header header : headers) {
            out = out == null ? new ByteArrayOutputStream() : out;
            byte[] key = header.key().getBytes(StandardCharsets.UTF_8);
            writeInt(key.length, out);
            out.writeBytes(key);
            byte[] value = header.value();
            writeInt(value == null ? NULL : value.length, out);
            if (value != null) {
                out.writeBytes(value);
            }
        }
        return out == null ? NONE : out.toByteArray();
    }

    static Headers read(byte[] bytes) {
        Headers headers = new Record<>("", "", 0).headers(); // the public way to new ones
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                byte[] key = readBytes(buffer, buffer.getInt());
                int length = buffer.getInt();
                headers.add(new String(key, StandardCharsets.UTF_8), length == NULL ? null : readBytes(buffer, length));
            }
        } catch (RuntimeException e) {
            throw new SerializationException("the headers of a stored record cannot be read", e);
        }
        return headers;
    }

    private static byte[] readBytes(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static void writeInt(int value, ByteArrayOutputStream out) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
    }
}
