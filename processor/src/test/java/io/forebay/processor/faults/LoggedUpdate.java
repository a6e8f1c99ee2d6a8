package io.forebay.processor.faults;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An update as it is in the changelog of a latest store.
 *
 * @param value null of a delete
 */
record LoggedUpdate(long version, @Nullable String value) {

    private static final int FLAGS_AT = 1;
    private static final int VERSION_AT = 2;
    private static final int HEADERS_LENGTH_AT = 30;
    private static final int HEADERS_AT = 34;

    static LoggedUpdate of(Update update) {
        return new LoggedUpdate(update.version(), update.value());
    }

    /** Reads what {@code LatestRow} has written, where the bytes are drawn. */
    static LoggedUpdate read(byte[] row) {
        ByteBuffer bytes = ByteBuffer.wrap(row);
        long version = bytes.getLong(VERSION_AT);
        if (bytes.get(FLAGS_AT) != 0) {
            return new LoggedUpdate(version, null);
        }
        int valueAt = HEADERS_AT + bytes.getInt(HEADERS_LENGTH_AT);
        return new LoggedUpdate(version, new String(row, valueAt, row.length - valueAt, StandardCharsets.UTF_8));
    }
}
