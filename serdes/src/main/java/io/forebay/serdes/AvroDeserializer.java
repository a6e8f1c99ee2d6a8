package io.forebay.serdes;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records. Part of an {@link AvroSerde}, or made by a Kafka client that is given this class as
 * {@code value.deserializer} or {@code key.deserializer} and the options listed in {@link AvroSerdeConfig}.
 *
 * <p>Null is read as null. A record costs what it consists of, no locks and no network, unless its schema has not been
 * seen yet. Thread-safe once configured.
 *
 * @param <T> what is read
 */
public final class AvroDeserializer<T> implements Deserializer<T> {
    private volatile @Nullable Codec codec;
    private volatile boolean shared;

    /** For Kafka, which configures it afterwards. */
    public AvroDeserializer() {}

    /** Makes this one half of a serde, which configures and closes the codec. */
    void use(Codec codecOfSerde) {
        shared = true;
        codec = codecOfSerde;
    }

    /**
     * Takes the options of {@link AvroSerdeConfig}, in place of earlier ones. Does nothing if this is part of an
     * {@link AvroSerde}.
     *
     * @throws org.apache.kafka.common.config.ConfigException if an option is wrong; names it and its value
     */
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (!shared) {
            codec = Codec.replace(codec, ConfiguredCodec.of(configs, isKey));
        }
    }

    /**
     * Reads a record.
     *
     * @throws org.apache.kafka.common.errors.SerializationException if the bytes are not such a record, or its schema
     *     cannot be found; names topic, schema and reason, and has the registry's exception as its cause
     */
    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        return bytes == null ? null : read(topic, bytes, 0, bytes.length);
    }

    /** As {@link #deserialize(String, byte[])}, without copying the bytes out of the fetched batch. */
    @Override
    public @Nullable T deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
        if (data == null) {
            return null;
        }
        if (data.hasArray()) {
            int from = data.arrayOffset() + data.position();
            return read(topic, data.array(), from, from + data.remaining());
        }
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return read(topic, bytes, 0, bytes.length);
    }

    @SuppressWarnings("unchecked") // the data model was chosen for T
    private T read(String topic, byte[] bytes, int from, int to) {
        return (T) Codec.require(codec, this).read(topic, bytes, from, to);
    }

    /** Releases connections that this deserializer opened itself; those of a serde are closed with the serde. */
    @Override
    public void close() {
        Codec closing = codec;
        if (!shared && closing != null) {
            closing.close();
        }
    }
}
