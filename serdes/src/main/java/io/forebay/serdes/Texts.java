package io.forebay.serdes;

import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;

/** Text as bytes. */
final class Texts {
    private Texts() {}

    /**
     * The text in UTF-8.
     *
     * @throws AvroRuntimeException if it holds half of a surrogate pair, which UTF-8 cannot say (Java would write a
     *     question mark); names the place
     */
    static byte[] utf8(String text) {
        requirePairs(text);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void requirePairs(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new AvroRuntimeException(String.format(
                            "text has half of a surrogate pair, U+%04X, at position %d of %d, which UTF-8 cannot say",
                            (int) text.charAt(i), i, text.length()));
                }
                i++;
            }
        }
    }
}
