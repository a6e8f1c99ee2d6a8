package io.forebay.store;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a condition asks of the rows of one index: for each part an encoded value, or any. */
final class KeyPattern {

    static final int INDEX_NUMBER_BYTES = Short.BYTES;

    private final byte[] indexNumber;
    private final List<ValueType> types;
    private final List<byte @Nullable []> wanted;

    private KeyPattern(byte[] indexNumber, List<ValueType> types, List<byte @Nullable []> wanted) {
        this.indexNumber = indexNumber;
        this.types = types;
        this.wanted = wanted;
    }

    /**
     * The pattern for a condition.
     *
     * @throws IllegalArgumentException if the condition has more values than the index has parts, or one of a wrong type
     */
    static KeyPattern of(EventIndex<?> index, int number, EventQuery.Condition condition) {
        List<? extends EventIndex.Part<?>> parts = index.parts();
        if (condition.values().size() > parts.size()) {
            throw new IllegalArgumentException(
                    "index '" + index.name() + "' has " + parts.size() + " part(s) " + index.partNames()
                            + ", the query gives " + condition.values().size() + " values");
        }
        List<ValueType> types = new ArrayList<>();
        List<byte @Nullable []> wanted = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            EventIndex.Part<?> part = parts.get(i);
            Object value = i < condition.values().size() ? condition.values().get(i) : null;
            types.add(part.type());
            wanted.add(value == null ? null : encode(part, value));
        }
        return new KeyPattern(indexNumber(number), types, wanted);
    }

    static byte[] indexNumber(int number) {
        return new byte[] {(byte) (number >>> Byte.SIZE), (byte) number};
    }

    static int indexNumberOf(byte[] row) {
        return (row[0] & 0xFF) << Byte.SIZE | row[1] & 0xFF;
    }

    /** The one key that matches, if the pattern leaves nothing open. */
    byte @Nullable [] exactKey() {
        return wanted.contains(null) ? null : prefix(wanted.size());
    }

    /** What every matching key starts with. */
    byte[] fixedPrefix() {
        int known = wanted.indexOf(null);
        return prefix(known < 0 ? wanted.size() : known);
    }

    boolean matches(byte[] key) {
        return Arrays.equals(indexNumber, 0, INDEX_NUMBER_BYTES, key, 0, INDEX_NUMBER_BYTES) && mismatch(key) < 0;
    }

    /** The key (index number and values) at the start of a row. */
    byte[] keyOf(byte[] row) {
        int end = INDEX_NUMBER_BYTES;
        for (ValueType type : types) {
            end = KeyCodec.endOfPart(type, row, end);
        }
        return Arrays.copyOf(row, end);
    }

    /**
     * Where to look next for a matching key, given one that does not match: a loose index scan. Null when there can be
     * none.
     */
    byte @Nullable [] seekAfterMismatch(byte[] key) {
        int part = mismatch(key);
        int start = INDEX_NUMBER_BYTES;
        for (int i = 0; i < part; i++) {
            start = KeyCodec.endOfPart(types.get(i), key, start);
        }
        int end = KeyCodec.endOfPart(types.get(part), key, start);
        byte[] prefix = Arrays.copyOf(key, start);
        byte[] target = Objects.requireNonNull(wanted.get(part));
        if (Arrays.compareUnsigned(key, start, end, target, 0, target.length) < 0) {
            return Rows.concat(prefix, target);
        }
        return part == 0 ? null : Rows.successor(prefix);
    }

    /** The first part whose value is not the wanted one, or -1. */
    private int mismatch(byte[] key) {
        int start = INDEX_NUMBER_BYTES;
        for (int i = 0; i < types.size(); i++) {
            int end = KeyCodec.endOfPart(types.get(i), key, start);
            byte[] target = wanted.get(i);
            if (target != null && !Arrays.equals(key, start, end, target, 0, target.length)) {
                return i;
            }
            start = end;
        }
        return -1;
    }

    private byte[] prefix(int parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(indexNumber);
        for (byte[] part : wanted.subList(0, parts)) {
            out.writeBytes(Objects.requireNonNull(part));
        }
        return out.toByteArray();
    }

    private static byte[] encode(EventIndex.Part<?> part, Object value) {
        if (!part.type().accepts(value)) {
            throw new IllegalArgumentException("'" + part.name() + "' is a " + part.type() + ", the query gives the "
                    + value.getClass().getSimpleName() + " '" + value + "'");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        KeyCodec.encode(part.type(), value, out);
        return out.toByteArray();
    }
}
