package io.forebay.serdes.connect;

import io.forebay.serdes.AvroSerde;
import io.forebay.serdes.AvroSerdeConfig;
import io.forebay.serdes.registry.RegistryUnavailableException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/** Lets Connect read and write Avro, with or without a schema registry. Thread-safe once configured. */
public final class AvroConverter implements Converter {
    private final AvroSerde<Object> serde = new AvroSerde<>();
    private AvroToConnect toConnect = new AvroToConnect(1);
    private ConnectToAvro toAvro = new ConnectToAvro(1);

    /** For Connect, which configures it afterwards. */
    public AvroConverter() {}

    @Override
    public ConfigDef config() {
        return AvroSerdeConfig.DEFINITION;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        Map<String, Object> generic = new HashMap<>(configs);
        generic.put(AvroSerdeConfig.SPECIFIC_READER, false); // a Struct is made from a generic record
        generic.remove(AvroSerdeConfig.RECORD_CLASS);
        serde.configure(generic, isKey);
        int maxCachedSchemas = new AvroSerdeConfig(generic).getInt(AvroSerdeConfig.MAX_CACHED_SCHEMAS);
        toConnect = new AvroToConnect(maxCachedSchemas);
        toAvro = new ConnectToAvro(maxCachedSchemas);
    }

    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (schema == null) {
            throw new DataException("topic=" + topic + ": Avro needs a schema, and the value has none: "
                    + value.getClass().getName());
        }
        try {
            return serde.serializer().serialize(topic, toAvro.convert(schema, value));
        } catch (SerializationException | AvroRuntimeException e) {
            throw translated(e, "Cannot convert for topic=" + topic);
        }
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        try {
            Object value = serde.deserializer().deserialize(topic, bytes);
            return value == null ? SchemaAndValue.NULL : toConnect.convert(value);
        } catch (SerializationException | AvroRuntimeException e) {
            throw translated(e, "Cannot convert from topic=" + topic);
        }
    }

    /** Releases connections. */
    @Override
    public void close() {
        serde.close();
    }

    private static ConnectException translated(RuntimeException e, String what) {
        String message = what + ": " + e.getMessage();
        return mayPass(e) ? new RetriableException(message, e) : new DataException(message, e);
    }

    /** Whether it is not the record that is wrong: the registry, or the broker with the schemas, cannot be reached. */
    private static boolean mayPass(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryUnavailableException
                    || cause instanceof org.apache.kafka.common.errors.RetriableException) {
                return true;
            }
        }
        return false;
    }
}
