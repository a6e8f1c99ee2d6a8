package io.forebay.serdes.connect;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Turns Connect data into generic Avro data, as {@link Mapping} says. Thread-safe. */
final class ConnectToAvro {
    private static final Schema NULL = Schema.create(Schema.Type.NULL);
    private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

    private final Cache<org.apache.kafka.connect.data.Schema, Schema> schemas;

    ConnectToAvro(int maxCachedSchemas) {
        this.schemas = new SynchronizedCache<>(new LRUCache<>(maxCachedSchemas));
    }

    /** The value in Avro; its schema comes with it, or is that of a primitive type. */
    Object convert(org.apache.kafka.connect.data.Schema connect, Object value) {
        ConnectSchema.validateValue(connect, value);
        Schema avro = schemas.get(connect);
        if (avro == null) {
            avro = schema(connect, false);
            schemas.put(connect, avro);
        }
        if (avro.getType() == Schema.Type.MAP || avro.getLogicalType() != null) {
            throw new DataException("a " + describe(connect) + " can be part of a record, but not stand alone in Avro");
        }
        return value(connect, avro, value);
    }

    private static String describe(org.apache.kafka.connect.data.Schema connect) {
        return connect.name() == null ? connect.type().toString() : connect.type() + " (" + connect.name() + ")";
    }

    private static Schema schema(org.apache.kafka.connect.data.Schema connect, boolean orNull) {
        Schema plain = isUnion(connect) ? union(connect) : annotate(plainSchema(connect), connect);
        if (!orNull) {
            return plain;
        }
        List<Schema> branches = new ArrayList<>();
        branches.add(NULL);
        branches.addAll(plain.isUnion() ? plain.getTypes() : List.of(plain));
        return Schema.createUnion(branches);
    }

    private static boolean isUnion(org.apache.kafka.connect.data.Schema connect) {
        return Mapping.UNION.equals(connect.name());
    }

    private static Schema union(org.apache.kafka.connect.data.Schema connect) {
        return Schema.createUnion(connect.fields().stream()
                .map(branch -> schema(branch.schema(), false))
                .toList());
    }

    private static Schema plainSchema(org.apache.kafka.connect.data.Schema connect) {
        return switch (connect.type()) {
            case INT8, INT16 -> integer(connect.type().getName().toLowerCase(Locale.ROOT));
            case INT32 -> int32(connect);
            case INT64 ->
                Timestamp.LOGICAL_NAME.equals(connect.name())
                        ? LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG))
                        : Schema.create(Schema.Type.LONG);
            case FLOAT32 -> Schema.create(Schema.Type.FLOAT);
            case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
            case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
            case STRING -> Schema.create(Schema.Type.STRING);
            case BYTES -> bytes(connect);
            case ARRAY -> Schema.createArray(element(connect.valueSchema()));
            case MAP -> map(connect);
            case STRUCT -> record(connect);
        };
    }

    private static Schema element(org.apache.kafka.connect.data.Schema connect) {
        return schema(connect, connect.isOptional());
    }

    private static Schema integer(String connectType) {
        Schema integer = Schema.create(Schema.Type.INT);
        integer.addProp(Mapping.TYPE, connectType);
        return integer;
    }

    private static Schema int32(org.apache.kafka.connect.data.Schema connect) {
        Schema integer = Schema.create(Schema.Type.INT);
        if (org.apache.kafka.connect.data.Date.LOGICAL_NAME.equals(connect.name())) {
            return LogicalTypes.date().addToSchema(integer);
        }
        return Time.LOGICAL_NAME.equals(connect.name())
                ? LogicalTypes.timeMillis().addToSchema(integer)
                : integer;
    }

    private static Schema bytes(org.apache.kafka.connect.data.Schema connect) {
        Schema bytes = Schema.create(Schema.Type.BYTES);
        if (!Decimal.LOGICAL_NAME.equals(connect.name())) {
            return bytes;
        }
        int scale = Integer.parseInt(connect.parameters().get(Decimal.SCALE_FIELD));
        String precision = connect.parameters().get(Mapping.PRECISION);
        int digits = precision == null ? Mapping.DEFAULT_PRECISION : Integer.parseInt(precision);
        return LogicalTypes.decimal(Math.max(digits, Math.max(scale, 1)), scale).addToSchema(bytes);
    }

    private static Schema map(org.apache.kafka.connect.data.Schema connect) {
        if (hasTextKeys(connect)) {
            return Schema.createMap(element(connect.valueSchema()));
        }
        Schema entry = Schema.createRecord(
                Mapping.ENTRY,
                null,
                null,
                false,
                List.of(
                        new Schema.Field("key", element(connect.keySchema())),
                        new Schema.Field("value", element(connect.valueSchema()))));
        entry.addProp(Mapping.NAME, Mapping.ENTRY);
        return Schema.createArray(entry);
    }

    private static boolean hasTextKeys(org.apache.kafka.connect.data.Schema connect) {
        return connect.keySchema().type() == org.apache.kafka.connect.data.Schema.Type.STRING
                && !connect.keySchema().isOptional();
    }

    private static Schema record(org.apache.kafka.connect.data.Schema connect) {
        String name = connect.name() == null ? Mapping.UNNAMED : connect.name();
        try {
            List<Schema.Field> fields =
                    connect.fields().stream().map(ConnectToAvro::field).toList();
            return Schema.createRecord(name, connect.doc(), null, false, fields);
        } catch (SchemaParseException e) {
            throw new DataException(
                    "struct \"" + name + "\" has a name that Avro does not allow: " + e.getMessage(), e);
        }
    }

    private static Schema.Field field(Field field) {
        org.apache.kafka.connect.data.Schema connect = field.schema();
        Schema schema = schema(connect, connect.isOptional());
        Object defaultValue = connect.isOptional() ? JsonProperties.NULL_VALUE : null;
        if (connect.defaultValue() != null && connect.type().isPrimitive()) {
            Schema own = schema(connect, false);
            defaultValue = defaultOf(value(connect, own, connect.defaultValue()));
            if (connect.isOptional()) {
                schema = Schema.createUnion(own, NULL); // a default belongs to the first branch
            }
        }
        return new Schema.Field(field.name(), schema, connect.doc(), defaultValue);
    }

    /** Avro takes the default of bytes as an array. */
    private static Object defaultOf(Object value) {
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return copy;
        }
        return value;
    }

    private static Schema annotate(Schema avro, org.apache.kafka.connect.data.Schema connect) {
        boolean named = avro.getType() == Schema.Type.RECORD || avro.getLogicalType() != null;
        if (connect.name() != null && !named) {
            avro.addProp(Mapping.NAME, connect.name());
        }
        if (connect.version() != null && avro.getLogicalType() == null) {
            avro.addProp(Mapping.VERSION, connect.version());
        }
        if (connect.parameters() != null && avro.getLogicalType() == null) {
            avro.addProp(Mapping.PARAMETERS, connect.parameters());
        }
        return avro;
    }

    private static @Nullable Object valueOrNull(
            org.apache.kafka.connect.data.Schema connect, Schema avro, @Nullable Object value) {
        return value == null ? null : value(connect, avro, value);
    }

    private static Object value(org.apache.kafka.connect.data.Schema connect, Schema avro, Object value) {
        if (isUnion(connect)) {
            return unionValue(connect, value);
        }
        Schema schema = nonNull(avro);
        return switch (connect.type()) {
            case INT8, INT16 -> ((Number) value).intValue();
            case INT32 -> int32Value(connect, value);
            case INT64 -> value instanceof Date timestamp ? Timestamp.fromLogical(connect, timestamp) : value;
            case BYTES -> bytesValue(schema, value);
            case ARRAY -> arrayValue(connect, schema, (List<?>) value);
            case MAP -> mapValue(connect, schema, (Map<?, ?>) value);
            case STRUCT -> recordValue(connect, schema, (Struct) value);
            default -> value;
        };
    }

    private static Schema nonNull(Schema avro) {
        if (!avro.isUnion()) {
            return avro;
        }
        return avro.getTypes().get(avro.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0);
    }

    private static Object unionValue(org.apache.kafka.connect.data.Schema connect, Object value) {
        Struct struct = (Struct) value;
        for (Field branch : connect.fields()) {
            Object set = struct.get(branch);
            if (set != null) {
                return value(branch.schema(), schema(branch.schema(), false), set);
            }
        }
        throw new DataException("a union needs one branch that is not null: " + struct);
    }

    private static Object int32Value(org.apache.kafka.connect.data.Schema connect, Object value) {
        if (!(value instanceof Date date)) {
            return value;
        }
        return Time.LOGICAL_NAME.equals(connect.name())
                ? Time.fromLogical(connect, date)
                : org.apache.kafka.connect.data.Date.fromLogical(connect, date);
    }

    private static Object bytesValue(Schema avro, Object value) {
        if (value instanceof BigDecimal decimal) {
            return DECIMAL.toBytes(decimal, avro, avro.getLogicalType());
        }
        return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
    }

    private static Object arrayValue(org.apache.kafka.connect.data.Schema connect, Schema avro, List<?> values) {
        GenericData.Array<@Nullable Object> array = new GenericData.Array<>(values.size(), avro);
        values.forEach(value -> array.add(valueOrNull(connect.valueSchema(), avro.getElementType(), value)));
        return array;
    }

    private static Object mapValue(org.apache.kafka.connect.data.Schema connect, Schema avro, Map<?, ?> values) {
        if (avro.getType() == Schema.Type.MAP) {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            values.forEach(
                    (key, value) -> map.put(key, valueOrNull(connect.valueSchema(), avro.getValueType(), value)));
            return map;
        }
        GenericData.Array<Object> entries = new GenericData.Array<>(values.size(), avro);
        values.forEach((key, value) -> entries.add(entryValue(connect, avro.getElementType(), key, value)));
        return entries;
    }

    private static Object entryValue(
            org.apache.kafka.connect.data.Schema connect, Schema avro, @Nullable Object key, @Nullable Object value) {
        GenericRecord entry = new GenericData.Record(avro);
        entry.put("key", valueOrNull(connect.keySchema(), avro.getField("key").schema(), key));
        entry.put(
                "value",
                valueOrNull(connect.valueSchema(), avro.getField("value").schema(), value));
        return entry;
    }

    private static Object recordValue(org.apache.kafka.connect.data.Schema connect, Schema avro, Struct struct) {
        GenericRecord record = new GenericData.Record(avro);
        for (Field field : connect.fields()) {
            Schema.Field to = avro.getFields().get(field.index());
            record.put(to.pos(), valueOrNull(field.schema(), to.schema(), struct.get(field)));
        }
        return record;
    }
}
