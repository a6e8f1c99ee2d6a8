package io.forebay.serdes;

import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * {@link AvroSerializer} and {@link AvroDeserializer} in one, for {@code default.value.serde} and
 * {@code default.key.serde} of Kafka Streams. Programs rather call {@link AvroSerdes}.
 *
 * @param <T> what is written and read
 */
public final class AvroSerde<T> implements Serde<T> {
    private final AvroSerializer<T> serializer;
    private final AvroDeserializer<T> deserializer;
    private final @Nullable Codec owned;

    /** For Kafka, which configures it afterwards. */
    public AvroSerde() {
        this.serializer = new AvroSerializer<>();
        this.deserializer = new AvroDeserializer<>();
        this.owned = null;
    }

    AvroSerde(Codec codec) {
        this.serializer = new AvroSerializer<>(codec);
        this.deserializer = new AvroDeserializer<>(codec);
        this.owned = codec;
    }

    /** Takes the options of {@link AvroSerdeConfig}. Does nothing if this was made by {@link AvroSerdes}. */
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        serializer.configure(configs, isKey);
        deserializer.configure(configs, isKey);
    }

    @Override
    public Serializer<T> serializer() {
        return serializer;
    }

    @Override
    public Deserializer<T> deserializer() {
        return deserializer;
    }

    /** Releases connections that this serde opened itself; a registry or catalog it was given stays open. */
    @Override
    public void close() {
        serializer.close();
        deserializer.close();
        if (owned != null) {
            owned.close();
        }
    }
}
