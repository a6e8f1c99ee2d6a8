package io.forebay.store;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A key with its new row. Immutable.
 *
 * @param key the serialised key
 * @param row its row, or null if it is to have none: its tombstone has expired
 * @param indexKeys the encoded index values of the row, each with the number of its index in front
 * @param update what was put, or null where only the row is known
 */
record LatestChange(
        Bytes key,
        @Nullable LatestRow row,
        List<byte[]> indexKeys,
        @Nullable PreparedUpdate<?, ?> update) {

    private static final int OBJECTS_BYTES = 192;

    static LatestChange gone(Bytes key) {
        return new LatestChange(key, null, List.of(), null);
    }

    /** Whether the key has a value. */
    boolean isLive() {
        return row != null && !row.tombstone();
    }

    /** The memory it takes in a set, in bytes, estimated. */
    int sizeBytes() {
        int size = OBJECTS_BYTES + key.get().length + (row == null ? 0 : row.sizeBytes());
        for (byte[] indexKey : indexKeys) {
            size += 24 + indexKey.length;
        }
        return size;
    }
}
