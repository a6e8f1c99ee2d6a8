package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Between updates and the bytes of their rows. Thread-safe as far as the serdes and the extractors are. */
final class LatestCodec<K, V> implements IndexedRows<V> {

    private final LatestDefinition<K, V> definition;
    private final String topic;
    private final int[] indexNumbers;

    /**
     * @param topic what the serdes are told to be the topic
     * @param indexNumbers the numbers of the definition's indexes, in the same order
     */
    LatestCodec(LatestDefinition<K, V> definition, String topic, int[] indexNumbers) {
        this.definition = definition;
        this.topic = topic;
        this.indexNumbers = indexNumbers.clone();
    }

    boolean hasIndexes() {
        return indexNumbers.length > 0;
    }

    PreparedUpdate<K, V> prepare(K key, @Nullable V value, long version, long timestampMs, Headers headers) {
        Bytes keyBytes = Bytes.wrap(serializeKey(key));
        byte[] valueBytes = value == null ? null : serializeValue(key, value);
        byte[] headerBytes = HeaderBytes.write(headers);
        long size = (long) keyBytes.get().length + (valueBytes == null ? 0 : valueBytes.length) + headerBytes.length;
        if (size > definition.maxUpdateBytes()) {
            throw invalid(key, "is " + size + " bytes, more than maxUpdateBytes=" + definition.maxUpdateBytes(), null);
        }
        List<byte[]> indexKeys = value == null ? List.of() : indexKeys(key, value);
        return new PreparedUpdate<>(key, value, keyBytes, valueBytes, version, timestampMs, headerBytes, indexKeys, 1);
    }

    /** The bytes of a key. */
    byte[] serializeKey(@Nullable K key) {
        byte[] bytes;
        try {
            bytes = key == null ? null : definition.keySerde().serializer().serialize(topic, key);
        } catch (RuntimeException e) {
            throw invalid(key, "has a key that cannot be serialised: " + e.getMessage(), e);
        }
        if (bytes == null) {
            throw invalid(key, "has no key", null);
        }
        if (OutboxMarker.isKey(bytes)) {
            throw invalid(key, "has the one key that the store keeps for itself", null);
        }
        return bytes;
    }

    private byte[] serializeValue(K key, V value) {
        byte[] bytes;
        try {
            bytes = definition.valueSerde().serializer().serialize(topic, value);
        } catch (RuntimeException e) {
            throw invalid(key, "has a value that cannot be serialised: " + e.getMessage(), e);
        }
        if (bytes == null) {
            throw invalid(key, "has a value that is serialised to null; a delete is a null value", null);
        }
        return bytes;
    }

    private List<byte[]> indexKeys(@Nullable K key, V value) {
        if (indexNumbers.length == 0) {
            return List.of();
        }
        List<byte[]> keys = new ArrayList<>(indexNumbers.length);
        for (int i = 0; i < indexNumbers.length; i++) {
            EventIndex<V> index = definition.indexes().get(i);
            try {
                keys.addAll(EventCodec.indexKeys(value, index, indexNumbers[i]));
            } catch (RuntimeException e) {
                throw invalid(key, "has no usable value for index '" + index.name() + "': " + e.getMessage(), e);
            }
        }
        return keys;
    }

    private static InvalidUpdateException invalid(@Nullable Object key, String what, @Nullable Throwable cause) {
        String shown = key instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(key);
        return new InvalidUpdateException("the update of '" + shown + "' " + what, cause);
    }

    /** The change that a row stands for, as found in the changelog. */
    LatestChange restore(byte[] key, byte @Nullable [] rowBytes) {
        Bytes keyBytes = Bytes.wrap(key);
        if (rowBytes == null) {
            return LatestChange.gone(keyBytes);
        }
        LatestRow row = LatestRow.read(rowBytes);
        return new LatestChange(keyBytes, row.with(indexKeysOf(row)));
    }

    /** The encoded index values of a row, each with the number of its index in front. */
    List<byte[]> indexKeysOf(LatestRow row) {
        return row.tombstone() || indexNumbers.length == 0
                ? List.of()
                : indexKeys(null, definition.valueSerde().deserializer().deserialize(topic, row.value()));
    }

    /** What a live row says. */
    Versioned<K, V> versioned(byte[] key, LatestRow row) {
        return new Versioned<>(key(key), value(row), row.version(), row.timestampMs(), HeaderBytes.read(row.headers()));
    }

    Emission<K, V> emission(byte[] key, LatestRow row) {
        return new Emission<>(
                key(key),
                row.tombstone() ? null : value(row),
                row.version(),
                row.timestampMs(),
                HeaderBytes.read(row.headers()),
                row.updates());
    }

    private K key(byte[] bytes) {
        return definition.keySerde().deserializer().deserialize(topic, bytes);
    }

    private V value(LatestRow row) {
        return definition.valueSerde().deserializer().deserialize(topic, row.value());
    }

    /**
     * What the rows of an index start with that have these values.
     *
     * @throws IllegalArgumentException if there is no such index, or the values do not fit it
     */
    byte[] indexPrefix(String name, List<Object> values) {
        List<EventIndex<V>> indexes = definition.indexes();
        for (int i = 0; i < indexes.size(); i++) {
            if (indexes.get(i).name().equals(name)) {
                return KeyPattern.startingWith(indexes.get(i), indexNumbers[i], values)
                        .fixedPrefix();
            }
        }
        throw new IllegalArgumentException("there is no index '" + name + "'; the indexes are "
                + indexes.stream().map(EventIndex::name).toList());
    }

    /** How long the index number and the values at the start of an index row are; the key of the value follows. */
    int lengthOfIndexKey(String name, byte[] indexRow) {
        EventIndex<V> index = definition.indexes().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        int end = KeyPattern.INDEX_NUMBER_BYTES;
        for (EventIndex.Part<V> part : index.parts()) {
            end = KeyCodec.endOfPart(part.type(), indexRow, end);
        }
        return end;
    }

    // ---- what fills new indexes

    @Override
    public Table table() {
        return Table.LATEST;
    }

    @Override
    public @Nullable V read(byte[] rowBytes) {
        LatestRow row = LatestRow.read(rowBytes);
        return row.tombstone() ? null : value(row);
    }

    @Override
    public List<byte[]> indexKeys(V value, EventIndex<V> index, int number) {
        return EventCodec.indexKeys(value, index, number);
    }

    @Override
    public String describe(byte[] key) {
        return "value of '" + key(key) + "'";
    }
}
