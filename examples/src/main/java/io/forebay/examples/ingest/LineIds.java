package io.forebay.examples.ingest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Gives each line of a file an id that is the same whenever the file is read again.
 *
 * <p>The id of a line is the first half of a SHA-256 over the digest of the line before it and the line's own bytes, so
 * it stands for the file's content up to and including that line. Therefore
 *
 * <ul>
 *   <li>a file that was moved, renamed, packed or read from standard input has the ids it had before;
 *   <li>a log that has grown keeps the ids of its earlier lines;
 *   <li>equal lines within a file, and equal lines of different files, are different events; only two files that begin
 *       with the same lines share the ids of those;
 *   <li>how a line is parsed does not matter: reading a file again with a better expression corrects its events.
 * </ul>
 *
 * The price: a file that was changed, or cut off, at its beginning is a new file from there on. Line breaks do not count.
 */
final class LineIds {

    private static final int ID_BYTES = 16;

    private final MessageDigest digest;
    private byte[] previous = {};

    LineIds() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        digest.update(previous);
    }

    /** Adds bytes of the current line. */
    void update(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
    }

    /** Ends the current line and returns its id: 32 hexadecimal digits. */
    String endLine() {
        previous = digest.digest();
        digest.update(previous);
        return HexFormat.of().formatHex(Arrays.copyOf(previous, ID_BYTES));
    }
}
