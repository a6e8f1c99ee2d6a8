package io.forebay.examples.ingest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Turns the bytes of a line into text and refuses what is not valid in the file's charset. Not thread-safe. */
final class LineDecoder {

    private final Charset charset;
    private final CharsetDecoder decoder;

    /**
     * @throws IllegalArgumentException if a line feed is not the byte 10 in {@code charset}, as in UTF-16, so that lines
     *     cannot be told apart
     */
    LineDecoder(Charset charset) {
        byte[] lineFeed = charset.canEncode() ? "\n".getBytes(charset) : new byte[0];
        if (lineFeed.length != 1 || lineFeed[0] != '\n') {
            throw new IllegalArgumentException("charset " + charset
                    + " is not supported: convert the file to UTF-8 first, with iconv for instance");
        }
        this.charset = charset;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    String decode(byte[] bytes) throws RejectedLineException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()));
        decoder.reset();
        CoderResult result = decoder.decode(in, out, true);
        if (!result.isError()) {
            result = decoder.flush(out);
        }
        if (result.isError()) {
            throw new RejectedLineException(
                    "not valid " + charset + " at byte " + (in.position() + 1) + " of the line");
        }
        return out.flip().toString();
    }
}
