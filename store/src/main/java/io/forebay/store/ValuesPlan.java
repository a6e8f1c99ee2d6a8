package io.forebay.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a question for the values of an index means for its rows.
 *
 * @param pattern matches the keys, and tells them from the positions that follow
 * @param prefix what all of these keys start with: the part asked for comes next
 * @param type the type of the values
 * @param start where to start looking
 * @param limit the largest number of values wanted
 */
record ValuesPlan(KeyPattern pattern, byte[] prefix, ValueType type, byte[] start, int limit) {

    static ValuesPlan of(EventIndex<?> index, int number, EventValuesQuery query) {
        int part = query.leading().size();
        if (part >= index.parts().size()) {
            throw new IllegalArgumentException("index '" + index.name() + "' has the parts " + index.partNames()
                    + "; the query gives " + part + " of them, so that none is left to ask for");
        }
        EventIndex.Part<?> asked = index.parts().get(part);
        KeyPattern pattern = KeyPattern.startingWith(index, number, query.leading());
        byte[] prefix = pattern.fixedPrefix();
        Object after = query.after();
        byte[] start = after == null ? prefix : Rows.successor(Rows.concat(prefix, KeyPattern.encode(asked, after)));
        return new ValuesPlan(pattern, prefix, asked.type(), start, query.limit());
    }

    /** The prefix and the value of a key, or null if it is not asked for, or has no value there. */
    byte @Nullable [] valueKey(byte[] key) {
        boolean matches = Rows.startsWith(key, prefix) && !KeyCodec.isAbsent(key, prefix.length);
        return matches ? Arrays.copyOf(key, endOfValue(key)) : null;
    }

    int endOfValue(byte[] key) {
        return KeyCodec.endOfPart(type, key, prefix.length);
    }

    Object valueOf(byte[] valueKey) {
        return KeyCodec.decode(type, valueKey, prefix.length, valueKey.length);
    }
}
