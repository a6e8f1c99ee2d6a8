package io.forebay.serdes;

import java.util.Map;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records. Part of an {@link AvroSerde}, or made by a Kafka client that is given this class as
 * {@code value.serializer} or {@code key.serializer} and the options listed in {@link AvroSerdeConfig}.
 *
 * <p>Null is written as null, a tombstone. Once the schema of a record is known for a topic, a record costs one array,
 * no locks and no network. Thread-safe once configured.
 *
 * @param <T> what is written
 */
public final class AvroSerializer<T> implements Serializer<T> {
    private volatile @Nullable Codec codec;
    private volatile boolean shared;

    /** For Kafka, which configures it afterwards. */
    public AvroSerializer() {}

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
     * Writes a record.
     *
     * @throws org.apache.kafka.common.errors.SerializationException if the record does not fit its schema or the schema
     *     cannot be registered; names the topic and the reason, and has the registry's exception as its cause
     */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        return value == null ? null : Codec.require(codec, this).write(topic, value);
    }

    /** Releases connections that this serializer opened itself; those of a serde are closed with the serde. */
    @Override
    public void close() {
        Codec closing = codec;
        if (!shared && closing != null) {
            closing.close();
        }
    }
}
