package io.forebay.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Between events and the bytes of their rows. Thread-safe as far as the serde and the extractors are. */
final class EventCodec<E> {

    /** How much of an id a message has that complains of its length. */
    private static final int MOST_SHOWN = 100;

    private final EventDefinition<E> definition;
    private final String topic;
    private final int[] indexNumbers;

    /**
     * @param topic what the serde is told to be the topic
     * @param indexNumbers the numbers of the definition's indexes, in the same order
     */
    EventCodec(EventDefinition<E> definition, String topic, int[] indexNumbers) {
        this.definition = definition;
        this.topic = topic;
        this.indexNumbers = indexNumbers.clone();
    }

    /**
     * The bytes of an id.
     *
     * @throws InvalidEventException if it is no valid Unicode: other ids would have the same bytes
     */
    static byte[] idBytes(String id) {
        try {
            return Utf8.bytes(id);
        } catch (IllegalArgumentException e) {
            throw new InvalidEventException("no event can have this id: " + e.getMessage(), e);
        }
    }

    static String idText(byte[] id) {
        return new String(id, StandardCharsets.UTF_8);
    }

    PreparedEvent<E> prepare(E event) {
        String id = extractId(event);
        byte[] idBytes = idBytes(id);
        byte[] payload = serialize(event, id, idBytes.length);
        return new PreparedEvent<>(event, row(event, id, idBytes, payload));
    }

    /** The row of an event whose payload is known, as found in the changelog or in RocksDB. */
    EventRow restore(byte[] payload) {
        E event = deserialize(payload);
        String id = extractId(event);
        return row(event, id, idBytes(id), payload);
    }

    private EventRow row(E event, String id, byte[] idBytes, byte[] payload) {
        return new EventRow(idBytes, extractTimestamp(event, id), payload, indexKeys(event, id));
    }

    E deserialize(byte[] payload) {
        if (payload.length == 0 || payload[0] != Rows.FORMAT) {
            throw new SerializationException("event in " + topic + " has format "
                    + (payload.length == 0 ? "(none)" : payload[0]) + ", this version of Forebay reads format "
                    + Rows.FORMAT);
        }
        byte[] bytes = Arrays.copyOfRange(payload, 1, payload.length);
        return definition.serde().deserializer().deserialize(topic, bytes);
    }

    /** What a condition means for the rows of this store. */
    IndexCondition<E> condition(EventQuery.Condition condition) {
        int i = indexOf(condition.index());
        EventIndex<E> index = definition.indexes().get(i);
        return new IndexCondition<>(index, indexNumbers[i], KeyPattern.of(index, indexNumbers[i], condition));
    }

    /** What a question for values means for the rows of this store. */
    ValuesPlan valuesPlan(EventValuesQuery query) {
        int i = indexOf(query.index());
        return ValuesPlan.of(definition.indexes().get(i), indexNumbers[i], query);
    }

    private int indexOf(String name) {
        List<EventIndex<E>> indexes = definition.indexes();
        for (int i = 0; i < indexes.size(); i++) {
            if (indexes.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no index '" + name + "'; the indexes are "
                + indexes.stream().map(EventIndex::name).toList());
    }

    /** The keys of one index alone. */
    static <E> List<byte[]> indexKeys(E event, EventIndex<E> index, int number) {
        List<byte[]> keys = new ArrayList<>();
        addKeys(event, index, number, new KeyBuffer(), keys);
        return keys;
    }

    /** The position at the end of an index row, or null if it is of an index that the definition does not have. */
    byte @Nullable [] positionIn(byte[] indexRow) {
        int number = KeyPattern.indexNumberOf(indexRow);
        for (int i = 0; i < indexNumbers.length; i++) {
            if (indexNumbers[i] == number) {
                int end = KeyPattern.INDEX_NUMBER_BYTES;
                for (EventIndex.Part<E> part : definition.indexes().get(i).parts()) {
                    end = KeyCodec.endOfPart(part.type(), indexRow, end);
                }
                return Arrays.copyOfRange(indexRow, end, indexRow.length);
            }
        }
        return null;
    }

    private String extractId(E event) {
        String id;
        try {
            id = definition.idOf(event);
        } catch (RuntimeException e) {
            throw new InvalidEventException("the id of the event cannot be read: " + e, e);
        }
        if (id == null || id.isEmpty()) {
            throw new InvalidEventException("the event has no id: " + event, null);
        }
        return id;
    }

    private long extractTimestamp(E event, String id) {
        try {
            return definition.timestampNanosOf(event);
        } catch (RuntimeException e) {
            throw new InvalidEventException("the timestamp of event '" + id + "' is not usable: " + e.getMessage(), e);
        }
    }

    private byte[] serialize(E event, String id, int idLength) {
        byte @Nullable [] bytes;
        try {
            bytes = definition.serde().serializer().serialize(topic, event);
        } catch (RuntimeException e) {
            throw new InvalidEventException("event '" + id + "' cannot be serialised: " + e.getMessage(), e);
        }
        if (bytes == null) {
            throw new InvalidEventException(
                    "event '" + id + "' cannot be serialised: the serializer returned null", null);
        }
        if ((long) idLength + bytes.length > definition.maxEventBytes()) {
            throw new InvalidEventException(
                    "event '" + abbreviated(id) + "' is " + bytes.length + " bytes and its id " + idLength
                            + ", together more than maxEventBytes=" + definition.maxEventBytes(),
                    null);
        }
        byte[] payload = new byte[1 + bytes.length];
        payload[0] = Rows.FORMAT;
        System.arraycopy(bytes, 0, payload, 1, bytes.length);
        return payload;
    }

    private static String abbreviated(String id) {
        return id.length() <= MOST_SHOWN ? id : id.substring(0, MOST_SHOWN) + "…";
    }

    private byte[][] indexKeys(E event, String id) {
        List<byte[]> keys = new ArrayList<>(indexNumbers.length);
        KeyBuffer buffer = new KeyBuffer();
        for (int i = 0; i < indexNumbers.length; i++) {
            EventIndex<E> index = definition.indexes().get(i);
            try {
                addKeys(event, index, indexNumbers[i], buffer, keys);
            } catch (RuntimeException e) {
                throw new InvalidEventException(
                        "event '" + id + "' has no usable value for index '" + index.name() + "': " + e.getMessage(),
                        e);
            }
        }
        return keys.toArray(byte[][]::new);
    }

    private static <E> void addKeys(E event, EventIndex<E> index, int number, KeyBuffer buffer, List<byte[]> keys) {
        EventIndex.Part<E> first = index.parts().get(0);
        boolean simple = index.parts().size() == 1;
        for (Object value : simple ? first.values().apply(event) : firstOfComposite(first, event)) {
            Objects.requireNonNull(value, "one of the values is null");
            buffer.write(KeyPattern.indexNumber(number));
            KeyCodec.encode(first.type(), value, buffer);
            for (EventIndex.Part<E> part :
                    index.parts().subList(1, index.parts().size())) {
                KeyCodec.encode(part.type(), single(part, event), buffer);
            }
            keys.add(buffer.take());
        }
    }

    private static <E> Collection<?> firstOfComposite(EventIndex.Part<E> part, E event) {
        Object value = single(part, event);
        return value == null ? List.of() : List.of(value);
    }

    private static <E> @Nullable Object single(EventIndex.Part<E> part, E event) {
        Iterator<?> values = part.values().apply(event).iterator();
        if (!values.hasNext()) {
            return null;
        }
        Object value = values.next();
        if (values.hasNext()) {
            throw new IllegalArgumentException("part '" + part.name() + "' of a composite index has several values");
        }
        return value;
    }
}
