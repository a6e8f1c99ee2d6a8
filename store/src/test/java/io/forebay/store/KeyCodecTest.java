package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyCodecTest {

    @Test
    void longsSortAsTheirBytesDo() {
        long[] values = {Long.MIN_VALUE, -256, -1, 0, 1, 255, 256, Long.MAX_VALUE};
        for (int i = 1; i < values.length; i++) {
            assertThat(Arrays.compareUnsigned(encode(ValueType.LONG, values[i - 1]), encode(ValueType.LONG, values[i])))
                    .isNegative();
        }
    }

    @Test
    void bytesSortAsTheirEncodingDoesAndNoneIsPrefixOfAnother() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] left = bytes(random);
            byte[] right = bytes(random);
            byte[] encodedLeft = encode(ValueType.BYTES, left);
            byte[] encodedRight = encode(ValueType.BYTES, right);
            assertThat(Integer.signum(Arrays.compareUnsigned(encodedLeft, encodedRight)))
                    .as("seed %d", seed)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)));
            if (!Arrays.equals(left, right)) {
                assertThat(Rows.startsWith(encodedLeft, encodedRight))
                        .as("seed %d", seed)
                        .isFalse();
            }
            assertThat(KeyCodec.endOfPart(ValueType.BYTES, Rows.concat(encodedLeft, right), 0))
                    .as("seed %d", seed)
                    .isEqualTo(encodedLeft.length);
        }
    }

    @Test
    void readsBackWhatItHasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            byte[] value = bytes(random);
            byte[] encoded = Rows.concat(encode(ValueType.BYTES, value), value);
            int end = KeyCodec.endOfPart(ValueType.BYTES, encoded, 0);
            assertThat((byte[]) KeyCodec.decode(ValueType.BYTES, encoded, 0, end))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            long number = random.nextLong();
            assertThat(KeyCodec.decode(ValueType.LONG, encode(ValueType.LONG, number), 0, 9))
                    .as("seed %d", seed)
                    .isEqualTo(number);
        }
        byte[] text = encode(ValueType.STRING, "a\0ä");
        assertThat(KeyCodec.decode(ValueType.STRING, text, 0, text.length)).isEqualTo("a\0ä");
    }

    /** Java would write half of a character as a question mark, so that different texts would have the same bytes. */
    @Test
    void refusesHalfOfACharacter() {
        for (String half : List.of("\uD800", "a?b\uDBFFc", "\uDC00\uD800", "?\uDFFF")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> encode(ValueType.STRING, half))
                    .withMessageContainingAll("not valid Unicode", "\\uD");
        }
        String whole = "?\uD83D\uDE00 ä?";
        byte[] encoded = encode(ValueType.STRING, whole);
        assertThat(KeyCodec.decode(ValueType.STRING, encoded, 0, encoded.length))
                .isEqualTo(whole);
    }

    @Test
    void anAbsentValueSortsFirst() {
        for (ValueType type : ValueType.values()) {
            Object smallest =
                    type == ValueType.LONG ? (Object) Long.MIN_VALUE : type == ValueType.BYTES ? new byte[0] : "";
            assertThat(Arrays.compareUnsigned(encode(type, null), encode(type, smallest)))
                    .isNegative();
            assertThat(KeyCodec.endOfPart(type, encode(type, null), 0)).isEqualTo(2);
        }
    }

    @Test
    void theSuccessorOfAPrefixSkipsAllKeysThatStartWithIt() {
        assertThat(Rows.successor(new byte[] {1, 2})).containsExactly(1, 3);
        assertThat(Rows.successor(new byte[] {1, (byte) 0xFF, (byte) 0xFF})).containsExactly(2);
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) - 1);
        }
        return bytes;
    }

    private static byte[] encode(ValueType type, @Nullable Object value) {
        return KeyCodec.encode(type, value);
    }
}
