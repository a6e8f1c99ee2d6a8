package io.forebay.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a condition asks of the rows of one index: for each part an encoded value, a range of them, or any. */
final class KeyPattern {

    static final int INDEX_NUMBER_BYTES = Short.BYTES;

    private final byte[] indexNumber;
    private final List<Part> parts;

    private KeyPattern(byte[] indexNumber, List<Part> parts) {
        this.indexNumber = indexNumber;
        this.parts = parts;
    }

    /**
     * The pattern for a condition.
     *
     * @throws IllegalArgumentException if the condition has more values than the index has parts, or one of a wrong
     *     type, or is a range on something else than a simple index of whole numbers
     */
    static KeyPattern of(EventIndex<?> index, int number, EventQuery.Condition condition) {
        List<Part> parts = condition instanceof EventQuery.Between range
                ? List.of(range(index, range))
                : equal(index, condition.operands());
        return new KeyPattern(indexNumber(number), parts);
    }

    /**
     * The pattern of all keys that start with these values.
     *
     * @throws IllegalArgumentException as {@link #of} does
     */
    static KeyPattern startingWith(EventIndex<?> index, int number, List<Object> values) {
        return new KeyPattern(indexNumber(number), equal(index, values));
    }

    static byte[] indexNumber(int number) {
        return new byte[] {(byte) (number >>> Byte.SIZE), (byte) number};
    }

    static int indexNumberOf(byte[] row) {
        return (row[0] & 0xFF) << Byte.SIZE | row[1] & 0xFF;
    }

    private static List<Part> equal(EventIndex<?> index, List<? extends @Nullable Object> values) {
        List<? extends EventIndex.Part<?>> declared = index.parts();
        if (values.size() > declared.size()) {
            throw new IllegalArgumentException("index '" + index.name() + "' has " + declared.size() + " part(s) "
                    + index.partNames() + ", the query gives " + values.size() + " values");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < declared.size(); i++) {
            EventIndex.Part<?> part = declared.get(i);
            Object value = i < values.size() ? values.get(i) : null;
            byte[] encoded = value == null ? null : encode(part, value);
            parts.add(new Part(part.type(), encoded, encoded));
        }
        return parts;
    }

    private static Part range(EventIndex<?> index, EventQuery.Between range) {
        if (index.parts().size() > 1) {
            throw new IllegalArgumentException("index '" + index.name() + "' is composite " + index.partNames()
                    + "; a range takes a simple index of whole numbers");
        }
        EventIndex.Part<?> part = index.parts().get(0);
        if (part.type() != ValueType.LONG) {
            throw new IllegalArgumentException("index '" + index.name() + "' is a " + part.type()
                    + "; a range takes a simple index of whole numbers");
        }
        return new Part(
                part.type(),
                encode(part, Objects.requireNonNullElse(range.from(), Long.MIN_VALUE)),
                encode(part, Objects.requireNonNullElse(range.to(), Long.MAX_VALUE)));
    }

    /** The one key that matches, if the pattern leaves nothing open. */
    byte @Nullable [] exactKey() {
        int exact = exactParts();
        return exact == parts.size() ? prefix(exact) : null;
    }

    /** What every matching key starts with: as many parts as are given from the left. */
    byte[] fixedPrefix() {
        return prefix(exactParts());
    }

    boolean matches(byte[] key) {
        return Arrays.equals(indexNumber, 0, INDEX_NUMBER_BYTES, key, 0, INDEX_NUMBER_BYTES) && mismatch(key) < 0;
    }

    boolean matchesAny(List<byte[]> keys) {
        for (byte[] key : keys) {
            if (matches(key)) {
                return true;
            }
        }
        return false;
    }

    /** How long the key (index number and values) at the start of a row is. */
    int keyLength(byte[] row) {
        int end = INDEX_NUMBER_BYTES;
        for (Part part : parts) {
            end = KeyCodec.endOfPart(part.type, row, end);
        }
        return end;
    }

    /** The key at the start of a row. */
    byte[] keyOf(byte[] row) {
        return Arrays.copyOf(row, keyLength(row));
    }

    /**
     * Where to look next for a matching key, given one that does not match: a loose index scan. Null when there can be
     * none.
     */
    byte @Nullable [] seekAfterMismatch(byte[] key) {
        int number = mismatch(key);
        Part part = parts.get(number);
        int start = INDEX_NUMBER_BYTES;
        for (Part before : parts.subList(0, number)) {
            start = KeyCodec.endOfPart(before.type, key, start);
        }
        byte[] prefix = Arrays.copyOf(key, start);
        if (part.compare(key, start, KeyCodec.endOfPart(part.type, key, start)) < 0) {
            return Rows.concat(prefix, Objects.requireNonNull(part.low));
        }
        return number == 0 ? null : Rows.successor(prefix);
    }

    /** The first part whose value is not a wanted one, or -1. */
    private int mismatch(byte[] key) {
        int start = INDEX_NUMBER_BYTES;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int end = KeyCodec.endOfPart(part.type, key, start);
            if (part.compare(key, start, end) != 0) {
                return i;
            }
            start = end;
        }
        return -1;
    }

    private int exactParts() {
        int exact = 0;
        while (exact < parts.size() && parts.get(exact).isExact()) {
            exact++;
        }
        return exact;
    }

    private byte[] prefix(int count) {
        KeyBuffer out = new KeyBuffer();
        out.write(indexNumber);
        for (Part part : parts.subList(0, count)) {
            out.write(Objects.requireNonNull(part.low));
        }
        return out.take();
    }

    static byte[] encode(EventIndex.Part<?> part, Object value) {
        if (!part.type().accepts(value)) {
            throw new IllegalArgumentException("'" + part.name() + "' is a " + part.type() + ", the query gives the "
                    + value.getClass().getSimpleName() + " '" + value + "'");
        }
        return KeyCodec.encode(part.type(), value);
    }

    /** The encoded values wanted of a part, from low to high, both inclusive; any value, or none, if both are null. */
    private record Part(ValueType type, byte @Nullable [] low, byte @Nullable [] high) {

        boolean isExact() {
            return low != null && Arrays.equals(low, high);
        }

        /** Negative if the encoded value is below what is wanted, zero if it is wanted, positive if it is above. */
        int compare(byte[] key, int start, int end) {
            if (low == null || high == null) {
                return 0;
            }
            int toLow = Arrays.compareUnsigned(key, start, end, low, 0, low.length);
            if (toLow <= 0) {
                return toLow;
            }
            return Arrays.compareUnsigned(key, start, end, high, 0, high.length) <= 0 ? 0 : 1;
        }
    }
}
