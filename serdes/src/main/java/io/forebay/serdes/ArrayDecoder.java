package io.forebay.serdes;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding from an array, believing nothing it says.
 *
 * <p>Avro's own {@code BinaryDecoder} reads from streams as well, allocates two objects per array it is pointed at, and
 * is lenient: it turns malformed UTF-8 into question marks, any byte but 1 into {@code false}, and lets fifty bytes
 * declare an array of sixty million empty records. This one is pointed at an array for free, and refuses
 *
 * <ul>
 *   <li>lengths that are negative or larger than what is left,
 *   <li>booleans other than 0 and 1, numbers longer than their type, malformed UTF-8,
 *   <li>more collection items in one record than it has bytes, plus {@value #FREE_ITEMS} for items that take none
 *       (nulls, empty records): the memory a record can claim is bounded by its size,
 *   <li>bytes left over at the end ({@link #expectEnd}).
 * </ul>
 *
 * <p>Not thread-safe; reused for one record after the other.
 */
final class ArrayDecoder extends Decoder {
    /** Items beyond one per byte that a record may declare. */
    static final int FREE_ITEMS = 1 << 16;

    private static final byte[] NOTHING = {};
    private static final char REPLACEMENT = '\uFFFD';

    private byte[] bytes = NOTHING;
    private int position;
    private int limit;
    private long itemsLeft;

    /** Points this decoder at {@code bytes[from, to)}. */
    void reset(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.position = from;
        this.limit = to;
        this.itemsLeft = (long) to - from + FREE_ITEMS;
    }

    /** Forgets the array, so that an idle thread does not keep a large record alive. */
    void clear() {
        reset(NOTHING, 0, 0);
    }

    /** Refuses bytes that the record's schema does not account for. */
    void expectEnd() {
        if (position != limit) {
            throw new AvroRuntimeException((limit - position) + " bytes left over after the record");
        }
    }

    @Override
    public int remainingBytes() {
        return limit - position;
    }

    @Override
    public void readNull() {
        // A null takes no bytes.
    }

    @Override
    public boolean readBoolean() throws IOException {
        byte value = readByte();
        if ((value & ~1) != 0) {
            throw new AvroRuntimeException("boolean is neither 0 nor 1 but " + (value & 0xff));
        }
        return value == 1;
    }

    @Override
    public int readInt() throws IOException {
        int raw = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = readByte();
            raw |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (shift == 28 && next > 0x0f) {
                    break;
                }
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new InvalidNumberEncodingException("int has more than 32 bits");
    }

    @Override
    public long readLong() throws IOException {
        byte first = readByte();
        return first >= 0 ? (first >>> 1) ^ -(first & 1) : readLongFrom(first);
    }

    private long readLongFrom(byte first) throws IOException {
        long raw = first & 0x7f;
        for (int shift = 7; shift < 70; shift += 7) {
            byte next = readByte();
            raw |= (next & 0x7fL) << shift;
            if (next >= 0) {
                if (shift == 63 && next > 1) {
                    break;
                }
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new InvalidNumberEncodingException("long has more than 64 bits");
    }

    @Override
    public float readFloat() throws IOException {
        int at = advance(Float.BYTES);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(at);
    }

    @Override
    public double readDouble() throws IOException {
        int at = advance(Double.BYTES);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getDouble(at);
    }

    @Override
    public String readString() throws IOException {
        int length = readLength("string");
        int at = advance(length);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) { // free for Latin text: the search ends before it begins
            return decodeStrictly(at, length).toString();
        }
        return text;
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        int length = readLength("string");
        int at = advance(length);
        Utf8 text = old != null ? old : new Utf8();
        text.setByteLength(length);
        System.arraycopy(bytes, at, text.getBytes(), 0, length);
        for (int i = at; i < at + length; i++) {
            if (bytes[i] < 0) {
                decodeStrictly(at, length);
                break;
            }
        }
        return text;
    }

    @Override
    public void skipString() throws IOException {
        advance(readLength("string"));
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        int length = readLength("bytes");
        int at = advance(length);
        ByteBuffer result = old != null && old.capacity() >= length ? old.clear() : ByteBuffer.allocate(length);
        result.put(0, bytes, at, length);
        return result.limit(length);
    }

    @Override
    public void skipBytes() throws IOException {
        advance(readLength("bytes"));
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        int at = advance(length);
        System.arraycopy(bytes, at, target, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        advance(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return readItems();
    }

    @Override
    public long arrayNext() throws IOException {
        return readItems();
    }

    @Override
    public long skipArray() throws IOException {
        return skipItems();
    }

    @Override
    public long readMapStart() throws IOException {
        return readItems();
    }

    @Override
    public long mapNext() throws IOException {
        return readItems();
    }

    @Override
    public long skipMap() throws IOException {
        return skipItems();
    }

    /** The number of items in the next block; a negative one is followed by the block's size in bytes. */
    private long readItems() throws IOException {
        long count = readLong();
        if (count < 0) {
            count = -count;
            readLength("block");
        }
        return claim(count);
    }

    private long skipItems() throws IOException {
        long count = readLong();
        while (count < 0) {
            advance(readLength("block"));
            count = readLong();
        }
        return claim(count);
    }

    private long claim(long items) {
        if (items < 0 || items > itemsLeft) {
            throw new AvroRuntimeException("collection declares " + items + " items, more than the " + itemsLeft
                    + " that a record of this size may still hold");
        }
        itemsLeft -= items;
        return items;
    }

    private int readLength(String what) throws IOException {
        long length = readLong();
        if (length < 0) {
            throw new AvroRuntimeException(what + " has negative length " + length);
        }
        if (length > limit - position) {
            throw new EOFException(what + " of " + length + " bytes, but only " + (limit - position) + " are left");
        }
        return (int) length;
    }

    private byte readByte() throws EOFException {
        if (position >= limit) {
            throw new EOFException("record ends in the middle of a value");
        }
        return bytes[position++];
    }

    /** Moves past {@code length} bytes and says where they begin. */
    private int advance(int length) throws EOFException {
        if (length > limit - position) {
            throw new EOFException("value of " + length + " bytes, but only " + (limit - position) + " are left");
        }
        int at = position;
        position += length;
        return at;
    }

    private CharBuffer decodeStrictly(int at, int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
        } catch (CharacterCodingException e) {
            throw new AvroRuntimeException("string of " + length + " bytes is not UTF-8", e);
        }
    }
}
