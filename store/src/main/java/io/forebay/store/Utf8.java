package io.forebay.store;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as bytes that no other text has. */
final class Utf8 {

    private Utf8() {}

    /**
     * The UTF-8 of a text.
     *
     * @throws IllegalArgumentException if it has half of a character, which Java would silently write as a question mark
     */
    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte one : bytes) {
            if (one == '?') { // rare, and the only case in which it has to be looked at closely
                requireWhole(text);
                break;
            }
        }
        return bytes;
    }

    private static void requireWhole(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "the text " + escaped(text) + " is not valid Unicode: it has half of a surrogate pair", e);
        }
    }

    /** The text in quotes, with surrogates as they are written in Java. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(Character.isSurrogate(c) ? String.format("\\u%04X", (int) c) : String.valueOf(c));
        }
        return escaped.append("'").toString();
    }
}
