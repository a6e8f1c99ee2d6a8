package io.forebay.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended, as text that is safe in a URL. It means the same to every partition, because it is a place in the
 * order of all events rather than in a list.
 *
 * <pre>
 * base64url, without padding, of   version (1) | query (4) | timestamp (8) | id | checksum (4)
 * </pre>
 *
 * <p>{@code query} is a checksum of the conditions, the order and the time bounds, so that a token that is given to
 * another query is noticed; the last four bytes are one of everything before them, so that a damaged token is.
 */
record PageToken(int query, byte[] position) {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final int SMALLEST_BYTES = HEADER_BYTES + Rows.TIMESTAMP_BYTES + 1 + CHECKSUM_BYTES;

    /** The token for what comes after this position in the answer to a query. */
    static String after(EventQuery<?> query, byte[] position) {
        return new PageToken(fingerprint(query), position).write();
    }

    /**
     * The position that a query goes on from, or null.
     *
     * @throws IllegalArgumentException if its token comes from another query
     */
    static byte @Nullable [] positionAfter(EventQuery<?> query) {
        String text = query.after();
        if (text == null) {
            return null;
        }
        PageToken token = parse(text);
        if (token.query != fingerprint(query)) {
            throw new IllegalArgumentException("page token '" + text + "' belongs to another query than " + query
                    + "; conditions, order and time bounds have to stay the same from page to page");
        }
        return token.position;
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException if it is not one, or was made by an unknown version
     */
    static PageToken parse(String text) {
        byte[] bytes = decode(text);
        if (bytes.length > 0 && bytes[0] != VERSION) {
            throw malformed(text, "it has version " + (bytes[0] & 0xFF) + ", this is version " + VERSION, null);
        }
        if (bytes.length < SMALLEST_BYTES) {
            throw malformed(text, "it is too short", null);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int end = bytes.length - CHECKSUM_BYTES;
        if (buffer.getInt(end) != checksum(bytes, end)) {
            throw malformed(text, "its checksum is wrong", null);
        }
        return new PageToken(buffer.getInt(1), Arrays.copyOfRange(bytes, HEADER_BYTES, end));
    }

    private String write() {
        int end = HEADER_BYTES + position.length;
        ByteBuffer buffer = ByteBuffer.allocate(end + CHECKSUM_BYTES);
        buffer.put(VERSION).putInt(query).put(position).putInt(checksum(buffer.array(), end));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed(text, "it is not base64url", e);
        }
    }

    private static IllegalArgumentException malformed(
            String text, String why, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not a page token: " + why + "; give the one of the page before, unchanged", cause);
    }

    private static int fingerprint(EventQuery<?> query) {
        KeyBuffer out = new KeyBuffer();
        out.write((query.order() + "|" + query.from() + "|" + query.to()).getBytes(StandardCharsets.UTF_8));
        for (EventQuery.Condition condition : query.conditions()) {
            out.write(condition instanceof EventQuery.Equal ? 1 : 2);
            KeyCodec.encode(ValueType.STRING, condition.index(), out);
            for (Object value : condition.operands()) {
                KeyCodec.encode(value == null ? ValueType.STRING : ValueType.of(value), value, out);
            }
        }
        byte[] bytes = out.take();
        return checksum(bytes, bytes.length);
    }

    private static int checksum(byte[] bytes, int length) {
        Checksum checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
