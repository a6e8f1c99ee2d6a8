package io.forebay.examples.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of bytes into lines, without decoding them. Lines end with LF or CR LF; a UTF-8 byte order mark at the
 * beginning is left out. Memory is bounded: of a line that is too long only the beginning is kept, while the rest still
 * counts for its id. Not thread-safe.
 */
final class LineReader {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final int maxLineBytes;
    private final LineIds ids = new LineIds();

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int limit;

    private byte[] line = new byte[512];
    private int lineBytes;
    private boolean tooLong;
    /** A CR that was read last: part of the line unless LF follows. */
    private boolean pendingReturn;

    private long number;
    private long position;

    LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** Returns the next line, or null at the end. */
    @Nullable
    Line read() throws IOException {
        if (number == 0) {
            skipByteOrderMark();
        }
        long offset = position;
        lineBytes = 0;
        tooLong = false;
        pendingReturn = false;
        while (next < limit || fill()) {
            int end = indexOfLineFeed();
            append(end);
            if (end < limit) {
                next++;
                position++;
                return endLine(offset);
            }
        }
        if (position == offset) {
            return null;
        }
        if (pendingReturn) {
            keep(new byte[] {'\r'}, 0, 1);
        }
        return endLine(offset);
    }

    private Line endLine(long offset) {
        return new Line(++number, offset, Arrays.copyOf(line, lineBytes), ids.endLine(), tooLong);
    }

    /** Takes the bytes up to {@code end} into the line, holding back a CR at its end. */
    private void append(int end) {
        if (end == next) {
            return;
        }
        if (pendingReturn) {
            keep(new byte[] {'\r'}, 0, 1);
        }
        pendingReturn = buffer[end - 1] == '\r';
        keep(buffer, next, end - next - (pendingReturn ? 1 : 0));
        position += end - next;
        next = end;
    }

    private void keep(byte[] from, int start, int length) {
        ids.update(from, start, length);
        int kept = Math.min(length, maxLineBytes - lineBytes);
        if (lineBytes + kept > line.length) {
            line = Arrays.copyOf(line, Math.min(maxLineBytes, Math.max(2 * line.length, lineBytes + kept)));
        }
        System.arraycopy(from, start, line, lineBytes, kept);
        lineBytes += kept;
        tooLong |= kept < length;
    }

    private int indexOfLineFeed() {
        int i = next;
        while (i < limit && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    private boolean fill() throws IOException {
        next = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private void skipByteOrderMark() throws IOException {
        limit = in.readNBytes(buffer, 0, BYTE_ORDER_MARK.length);
        if (limit == BYTE_ORDER_MARK.length && Arrays.equals(BYTE_ORDER_MARK, Arrays.copyOf(buffer, limit))) {
            next = limit;
            position = limit;
        }
    }
}
