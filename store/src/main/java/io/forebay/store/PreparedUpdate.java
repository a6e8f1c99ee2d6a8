package io.forebay.store;

import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An update for which everything that can fail because of the update itself has been done: key and value were serialised,
 * index values were extracted. Made by {@link LatestStore#prepare}; a buffer in front of the store holds these, so that
 * a bad update is reported against the record it came from, not against the flush.
 *
 * <p>Immutable.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class PreparedUpdate<K, V> {

    private static final int OBJECTS_BYTES = 160;
    private static final int ARRAY_BYTES = 24;

    private final K key;
    private final @Nullable V value;
    private final Bytes keyBytes;
    private final byte @Nullable [] valueBytes;
    private final long version;
    private final long timestampMs;
    private final byte[] headerBytes;
    private final List<byte[]> indexKeys;
    private final int updates;

    PreparedUpdate(
            K key,
            @Nullable V value,
            Bytes keyBytes,
            byte @Nullable [] valueBytes,
            long version,
            long timestampMs,
            byte[] headerBytes,
            List<byte[]> indexKeys,
            int updates) {
        this.key = key;
        this.value = value;
        this.keyBytes = keyBytes;
        this.valueBytes = valueBytes;
        this.version = version;
        this.timestampMs = timestampMs;
        this.headerBytes = headerBytes;
        this.indexKeys = indexKeys;
        this.updates = updates;
    }

    /** The key as it was given. */
    public K key() {
        return key;
    }

    /** The value as it was given; null says that the key is deleted as of the version. */
    public @Nullable V value() {
        return value;
    }

    /** The serialised key, to look updates up by. */
    public Bytes keyBytes() {
        return keyBytes;
    }

    public long version() {
        return version;
    }

    /** The timestamp of the record that brought it, in milliseconds since the epoch. */
    public long timestampMs() {
        return timestampMs;
    }

    /** A copy of the headers as they were given. */
    public Headers headers() {
        return HeaderBytes.read(headerBytes);
    }

    /** How many updates this stands for, at least one. */
    public int updates() {
        return updates;
    }

    /**
     * The same, standing for so many updates: those before it that a buffer has coalesced into it, and itself.
     *
     * @throws IllegalArgumentException if that is not positive
     */
    public PreparedUpdate<K, V> standingFor(int newUpdates) {
        if (newUpdates < 1) {
            throw new IllegalArgumentException("updates=" + newUpdates + " must be at least 1");
        }
        return newUpdates == updates
                ? this
                : new PreparedUpdate<>(
                        key, value, keyBytes, valueBytes, version, timestampMs, headerBytes, indexKeys, newUpdates);
    }

    /** The memory this takes in a buffer, in bytes, estimated. */
    public int sizeBytes() {
        int size = OBJECTS_BYTES + keyBytes.get().length + headerBytes.length;
        if (valueBytes != null) {
            size += valueBytes.length;
        }
        for (byte[] indexKey : indexKeys) {
            size += ARRAY_BYTES + indexKey.length;
        }
        return size;
    }

    byte @Nullable [] valueBytes() {
        return valueBytes;
    }

    byte[] headerBytes() {
        return headerBytes;
    }

    /** The encoded index values, each with the number of its index in front. */
    List<byte[]> indexKeys() {
        return indexKeys;
    }
}
