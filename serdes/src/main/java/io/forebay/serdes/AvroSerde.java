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
    private final AvroSerializer<T> serializer = new AvroSerializer<>();
    private final AvroDeserializer<T> deserializer = new AvroDeserializer<>();
    private final boolean configurable;
    private volatile @Nullable Codec codec;

    /** For Kafka, which configures it afterwards. */
    public AvroSerde() {
        this.configurable = true;
    }

    AvroSerde(Codec codec) {
        this.configurable = false;
        use(codec);
    }

    /**
     * Takes the options of {@link AvroSerdeConfig}, in place of earlier ones. Does nothing if this was made by
     * {@link AvroSerdes}.
     *
     * @throws org.apache.kafka.common.config.ConfigException if an option is wrong; names it and its value
     */
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (configurable) {
            use(ConfiguredCodec.of(configs, isKey));
        }
    }

    /** Both ways share one codec, so that what this serde writes it also reads. */
    private void use(Codec shared) {
        codec = Codec.replace(codec, shared);
        serializer.use(shared);
        deserializer.use(shared);
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
        Codec closing = codec;
        if (closing != null) {
            closing.close();
        }
    }
}
