package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our encoder and decoder against Avro's own, and against bytes that no encoder writes. */
class ArrayCodecTest {
    private final ArrayEncoder encoder = new ArrayEncoder();
    private final ArrayDecoder decoder = new ArrayDecoder();

    @Test
    void everyPrimitiveIsEncodedAsAvroDoesAndDecodedByEither() throws IOException {
        long seed = System.nanoTime();
        for (int round = 0; round < 2_000; round++) {
            byte[] ours = encode(encoder, new Random(seed + round));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder avro = EncoderFactory.get().binaryEncoder(out, null);
            write(avro, new Random(seed + round));
            avro.flush();
            assertThat(ours).as("seed %d", seed + round).isEqualTo(out.toByteArray());

            decoder.reset(ours, 0, ours.length);
            check(decoder, new Random(seed + round));
            decoder.expectEnd();
            check(DecoderFactory.get().binaryDecoder(ours, null), new Random(seed + round));
            decoder.reset(ours, 0, ours.length);
            skip(decoder);
            decoder.expectEnd();
        }
    }

    private static byte[] encode(ArrayEncoder encoder, Random random) throws IOException {
        encoder.reset(new byte[0]);
        write(encoder, random);
        return encoder.toByteArray();
    }

    private static void write(Encoder out, Random random) throws IOException {
        out.writeNull();
        out.writeBoolean(random.nextBoolean());
        out.writeInt(number(random, 32).intValue());
        out.writeLong(number(random, 64));
        out.writeFloat(random.nextFloat());
        out.writeDouble(random.nextDouble());
        out.writeString(text(random));
        out.writeString(new Utf8(text(random)));
        out.writeBytes(bytes(random));
        out.writeFixed(bytes(random, 7));
        out.writeEnum(random.nextInt(100));
        out.writeIndex(random.nextInt(3));
        out.writeArrayStart();
        out.setItemCount(2);
        out.startItem();
        out.writeInt(1);
        out.startItem();
        out.writeInt(2);
        out.writeArrayEnd();
        out.writeMapStart();
        out.setItemCount(1);
        out.startItem();
        out.writeString("key");
        out.writeLong(3);
        out.writeMapEnd();
    }

    private static void check(Decoder in, Random random) throws IOException {
        in.readNull();
        assertThat(in.readBoolean()).isEqualTo(random.nextBoolean());
        assertThat(in.readInt()).isEqualTo(number(random, 32).intValue());
        assertThat(in.readLong()).isEqualTo(number(random, 64));
        assertThat(in.readFloat()).isEqualTo(random.nextFloat());
        assertThat(in.readDouble()).isEqualTo(random.nextDouble());
        assertThat(in.readString()).isEqualTo(text(random));
        assertThat((Object) in.readString(null)).isEqualTo(new Utf8(text(random)));
        assertThat(in.readBytes(null)).isEqualTo(ByteBuffer.wrap(bytes(random)));
        byte[] fixed = new byte[7];
        in.readFixed(fixed);
        assertThat(fixed).isEqualTo(bytes(random, 7));
        assertThat(in.readEnum()).isEqualTo(random.nextInt(100));
        assertThat(in.readIndex()).isEqualTo(random.nextInt(3));
        assertThat(in.readArrayStart()).isEqualTo(2);
        assertThat(in.readInt()).isEqualTo(1);
        assertThat(in.readInt()).isEqualTo(2);
        assertThat(in.arrayNext()).isZero();
        assertThat(in.readMapStart()).isEqualTo(1);
        assertThat(in.readString()).isEqualTo("key");
        assertThat(in.readLong()).isEqualTo(3);
        assertThat(in.mapNext()).isZero();
    }

    private static void skip(Decoder in) throws IOException {
        in.readNull();
        in.readBoolean();
        in.readInt();
        in.readLong();
        in.readFloat();
        in.readDouble();
        in.skipString();
        in.skipString();
        in.skipBytes();
        in.skipFixed(7);
        in.readEnum();
        in.readIndex();
        assertThat(in.skipArray()).isEqualTo(2);
        in.readInt();
        in.readInt();
        assertThat(in.skipArray()).isZero();
        assertThat(in.skipMap()).isEqualTo(1);
        in.skipString();
        in.readLong();
        assertThat(in.skipMap()).isZero();
    }

    /** Numbers of all lengths: uniform ones nearly always take the most bytes. */
    private static Long number(Random random, int bits) {
        return random.nextLong() >> (64 - bits + random.nextInt(bits));
    }

    private static String text(Random random) {
        int kind = random.nextInt(3);
        int length = random.nextInt(kind == 0 ? 3_000 : 40);
        StringBuilder text = new StringBuilder();
        random.ints(length, kind == 1 ? 0x20 : 0x61, kind == 1 ? 0x2fff : 0x7b).forEach(text::appendCodePoint);
        return kind == 2 ? text + "\uFFFD 🙂" : text.toString();
    }

    private static byte[] bytes(Random random) {
        return bytes(random, random.nextInt(2_000));
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void blocksWithTheirSizeInBytesAreRead() throws IOException {
        point(0x03, 0x04, 0x02, 0x04, 0x00); // two ints in a block of two bytes, written as -2, 2
        assertThat(decoder.readArrayStart()).isEqualTo(2);
        point(0x03, 0x04, 0x02, 0x04, 0x00);
        assertThat(decoder.skipArray()).isZero();
        decoder.expectEnd();
    }

    @Test
    void lengthsBeyondTheEndAreRefusedBeforeAnythingIsAllocated() {
        byte[] huge = {(byte) 0x80, (byte) 0x84, (byte) 0xaf, 0x5f, 'x'}; // 100 million bytes
        decoder.reset(huge, 0, huge.length);
        assertThatThrownBy(decoder::readString).hasMessage("string of 100000000 bytes, but only 1 are left");
        decoder.reset(huge, 0, huge.length);
        assertThatThrownBy(() -> decoder.readBytes(null)).hasMessageContaining("100000000");
        decoder.reset(huge, 0, huge.length);
        assertThatThrownBy(decoder::readArrayStart).hasMessageContaining("declares 100000000 items");
        point(0x01);
        assertThatThrownBy(decoder::readString).hasMessage("string has negative length -1");
    }

    @Test
    void itemsThatTakeNoBytesAreCountedOverTheWholeRecord() throws IOException {
        byte[] thirtyThousandTwice = {(byte) 0xe0, (byte) 0xd4, 0x03, (byte) 0xe0, (byte) 0xd4, 0x03, 0x00};
        decoder.reset(thirtyThousandTwice, 0, thirtyThousandTwice.length);
        assertThat(decoder.readArrayStart()).isEqualTo(30_000);
        assertThat(decoder.arrayNext()).isEqualTo(30_000);
        byte[] fourTimes = new byte[13];
        for (int i = 0; i < 4; i++) {
            System.arraycopy(thirtyThousandTwice, 0, fourTimes, 3 * i, 3);
        }
        decoder.reset(fourTimes, 0, fourTimes.length);
        decoder.readArrayStart();
        decoder.arrayNext();
        assertThatThrownBy(decoder::arrayNext).isInstanceOf(AvroRuntimeException.class);
    }

    @Test
    void extremeBlockCountsAreRefused() {
        byte[] min = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0}; // Long.MIN_VALUE items, in a block of 0 bytes
        decoder.reset(min, 0, min.length);
        assertThatThrownBy(decoder::readArrayStart).isInstanceOf(AvroRuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 0x7f, 0x80, 0xff})
    void booleansAreZeroOrOne(int value) {
        point(value);
        assertThatThrownBy(decoder::readBoolean).hasMessageContaining("boolean");
    }

    @Test
    void numbersThatAreTooLongAreRefused() {
        point(0xff, 0xff, 0xff, 0xff, 0x1f);
        assertThatThrownBy(decoder::readInt).isInstanceOf(InvalidNumberEncodingException.class);
        point(0xff, 0xff, 0xff, 0xff, 0x8f, 0x00);
        assertThatThrownBy(decoder::readInt).isInstanceOf(InvalidNumberEncodingException.class);
        point(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x03);
        assertThatThrownBy(decoder::readLong).isInstanceOf(InvalidNumberEncodingException.class);
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        point(0x04, 0xc3, 0x28);
        assertThatThrownBy(decoder::readString).hasMessageContaining("not UTF-8");
        point(0x04, 0xc3, 0x28);
        assertThatThrownBy(() -> decoder.readString(null)).hasMessageContaining("not UTF-8");
    }

    @Test
    void aReplacementCharacterThatWasWrittenIsRead() throws IOException {
        byte[] text = "a\uFFFDb".getBytes(StandardCharsets.UTF_8);
        point(text.length * 2, text[0], text[1], text[2], text[3], text[4]);
        assertThat(decoder.readString()).isEqualTo("a\uFFFDb");
    }

    @Test
    void aRecordLargerThanTheBufferAndOneLargerThanWhatIsKeptAreWritten() throws IOException {
        for (int length : new int[] {10, 5_000, 3_000_000, 10}) {
            encoder.reset(new byte[] {1});
            encoder.writeString("x".repeat(length));
            byte[] bytes = encoder.toByteArray();
            decoder.reset(bytes, 1, bytes.length);
            assertThat(decoder.readString()).hasSize(length);
        }
    }

    private void point(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        decoder.reset(array, 0, array.length);
    }
}
