package io.forebay.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the values of index parts so that their bytes sort as the values do, and no encoded value is a prefix of
 * another.
 *
 * <pre>
 * absent      00 00
 * text, bytes value with 00 written as 00 FF, then 00 01
 * long        01, then eight bytes, big-endian, sign bit flipped
 * </pre>
 *
 * <p>(The escape is the one of FoundationDB's tuple layer.) An absent value sorts before every other of its part.
 */
final class KeyCodec {

    private static final int ESCAPE = 0x00;
    private static final int ABSENT = 0x00;
    private static final int TERMINATOR = 0x01;
    private static final int ESCAPED_ZERO = 0xFF;
    private static final int LONG_TAG = 0x01;

    private KeyCodec() {}

    static byte[] encode(ValueType type, @Nullable Object value) {
        KeyBuffer out = new KeyBuffer();
        encode(type, value, out);
        return out.take();
    }

    static void encode(ValueType type, @Nullable Object value, KeyBuffer out) {
        if (value == null) {
            out.write(ESCAPE);
            out.write(ABSENT);
            return;
        }
        switch (type) {
            case STRING -> escape(Utf8.bytes((String) value), out);
            case BYTES -> escape((byte[]) value, out);
            case LONG -> {
                out.write(LONG_TAG);
                out.writeSortable((Long) value);
            }
        }
    }

    /** Where the part that starts here ends. */
    static int endOfPart(ValueType type, byte[] key, int start) {
        if (type == ValueType.LONG) {
            return start + (key[start] == LONG_TAG ? 1 + Long.BYTES : 2);
        }
        int at = start;
        while (true) {
            if (key[at] != ESCAPE) {
                at++;
            } else if ((key[at + 1] & 0xFF) == ESCAPED_ZERO) {
                at += 2;
            } else {
                return at + 2;
            }
        }
    }

    /** The value of the part that lies there, which must not be absent. */
    static Object decode(ValueType type, byte[] key, int start, int end) {
        return switch (type) {
            case LONG -> getSortableLong(key, start + 1);
            case STRING -> new String(unescape(key, start, end), StandardCharsets.UTF_8);
            case BYTES -> unescape(key, start, end);
        };
    }

    /** Whether the part that starts here has no value. */
    static boolean isAbsent(byte[] key, int start) {
        return key[start] == ESCAPE && key[start + 1] == ABSENT;
    }

    static void putSortableLong(byte[] target, int at, long value) {
        long sortable = value ^ Long.MIN_VALUE;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            target[at + i] = (byte) sortable;
            sortable >>>= Byte.SIZE;
        }
    }

    static long getSortableLong(byte[] source, int at) {
        long sortable = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            sortable = sortable << Byte.SIZE | source[at + i] & 0xFF;
        }
        return sortable ^ Long.MIN_VALUE;
    }

    private static byte[] unescape(byte[] key, int start, int end) {
        KeyBuffer out = new KeyBuffer();
        for (int i = start; i < end - 2; i++) { // the terminator takes two
            out.write(key[i]);
            if (key[i] == ESCAPE) {
                i++;
            }
        }
        return out.take();
    }

    private static void escape(byte[] value, KeyBuffer out) {
        int written = 0;
        for (int i = 0; i < value.length; i++) {
            if (value[i] == ESCAPE) { // rare, so that the value is copied in one piece
                out.write(value, written, i + 1 - written);
                out.write(ESCAPED_ZERO);
                written = i + 1;
            }
        }
        out.write(value, written, value.length - written);
        out.write(ESCAPE);
        out.write(TERMINATOR);
    }
}
