package io.forebay.serdes;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Makes Avro serdes. Without further options they write Avro's single-object encoding and need no registry. */
public final class AvroSerdes {
    private AvroSerdes() {}

    /** A serde for a generated class. */
    public static <T extends SpecificRecord> Builder<T> specific(Class<T> type) {
        return new Builder<>(type);
    }

    /** Options of a serde. */
    public static final class Builder<T extends SpecificRecord> {
        private final Class<T> type;

        private Builder(Class<T> type) {
            this.type = type;
        }

        /** A serde that may be shared by any number of threads. */
        public Serde<T> build() {
            var model = SpecificData.getForClass(type);
            var schema = model.getSchema(type);
            TrustedClasses.trust(schema);
            var encoder = new BinaryMessageEncoder<T>(model, schema);
            var decoder = new BinaryMessageDecoder<T>(model, schema);
            return Serdes.serdeFrom(
                    (topic, value) -> encode(encoder, topic, value), (topic, bytes) -> decode(decoder, topic, bytes));
        }

        private static <T> byte @Nullable [] encode(BinaryMessageEncoder<T> encoder, String topic, @Nullable T value) {
            if (value == null) {
                return null;
            }
            try {
                ByteBuffer encoded = encoder.encode(value);
                return encoded.array();
            } catch (IOException | RuntimeException e) {
                throw new SerializationException("Cannot serialize for topic=" + topic + ": " + e.getMessage(), e);
            }
        }

        private static <T> @Nullable T decode(BinaryMessageDecoder<T> decoder, String topic, byte @Nullable [] bytes) {
            if (bytes == null) {
                return null;
            }
            try {
                return decoder.decode(bytes);
            } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
                throw new SerializationException("Cannot deserialize from topic=" + topic + ": " + e.getMessage(), e);
            }
        }
    }
}
