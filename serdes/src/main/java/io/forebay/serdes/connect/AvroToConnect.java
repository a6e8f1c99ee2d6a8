package io.forebay.serdes.connect;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Turns generic Avro data into Connect data, as {@link Mapping} says. Thread-safe. */
final class AvroToConnect {
    private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

    private final Cache<org.apache.avro.Schema, Schema> schemas;

    /** Connect has no references between types, so that each is unfolded wherever it is used. */
    private static final class Unfolding {
        private static final int MAX_FIELDS = 100_000;

        private final Set<String> open = new HashSet<>();
        private int fields;

        void enter(org.apache.avro.Schema record) {
            if (!open.add(record.getFullName())) {
                throw new DataException("Connect cannot hold a type that contains itself: " + record.getFullName());
            }
            fields += 1 + record.getFields().size();
            if (fields > MAX_FIELDS) {
                throw new DataException("the schema unfolds to more than " + MAX_FIELDS
                        + " fields, too many for Connect; the last record is " + record.getFullName());
            }
        }

        void leave(org.apache.avro.Schema record) {
            open.remove(record.getFullName());
        }
    }

    AvroToConnect(int maxCachedSchemas) {
        this.schemas = new SynchronizedCache<>(new LRUCache<>(maxCachedSchemas));
    }

    SchemaAndValue convert(Object value) {
        org.apache.avro.Schema avro = schemaOf(value);
        Schema schema = schemas.get(avro);
        if (schema == null) {
            schema = schema(avro, new Unfolding()).build();
            schemas.put(avro, schema);
        }
        return new SchemaAndValue(schema, value(schema, avro, value));
    }

    private static org.apache.avro.Schema schemaOf(Object value) {
        if (value instanceof GenericContainer container) {
            return container.getSchema();
        }
        if (value instanceof Map) {
            throw new DataException("a map can be part of a record, but not stand alone in Connect");
        }
        return GenericData.get().induce(value);
    }

    private static SchemaBuilder schema(org.apache.avro.Schema avro, Unfolding unfolding) {
        return annotate(plainSchema(avro, unfolding), avro);
    }

    private static SchemaBuilder plainSchema(org.apache.avro.Schema avro, Unfolding unfolding) {
        LogicalType logical = avro.getLogicalType();
        return switch (avro.getType()) {
            case RECORD -> struct(avro, unfolding);
            case UNION -> union(avro, unfolding);
            case ENUM, STRING -> SchemaBuilder.string();
            case BYTES ->
                logical instanceof LogicalTypes.Decimal decimal
                        ? Decimal.builder(decimal.getScale())
                                .parameter(Mapping.PRECISION, Integer.toString(decimal.getPrecision()))
                        : SchemaBuilder.bytes();
            case FIXED -> SchemaBuilder.bytes();
            case INT -> integer(avro);
            case LONG -> logical instanceof LogicalTypes.TimestampMillis ? Timestamp.builder() : SchemaBuilder.int64();
            case FLOAT -> SchemaBuilder.float32();
            case DOUBLE -> SchemaBuilder.float64();
            case BOOLEAN -> SchemaBuilder.bool();
            case ARRAY -> array(avro, unfolding);
            case MAP ->
                SchemaBuilder.map(
                        Schema.STRING_SCHEMA,
                        schema(avro.getValueType(), unfolding).build());
            case NULL -> throw new DataException("Connect has no type for Avro's null outside a union");
        };
    }

    private static SchemaBuilder struct(org.apache.avro.Schema avro, Unfolding unfolding) {
        unfolding.enter(avro);
        SchemaBuilder struct = SchemaBuilder.struct();
        if (!avro.getFullName().equals(Mapping.UNNAMED)) {
            struct.name(avro.getFullName());
        }
        for (org.apache.avro.Schema.Field field : avro.getFields()) {
            struct.field(field.name(), field(field, unfolding));
        }
        unfolding.leave(avro);
        return struct.doc(avro.getDoc());
    }

    private static Schema field(org.apache.avro.Schema.Field field, Unfolding unfolding) {
        SchemaBuilder builder = schema(field.schema(), unfolding);
        if (field.doc() != null && builder.doc() == null) {
            builder.doc(field.doc());
        }
        if (field.hasDefaultValue() && field.defaultVal() != org.apache.avro.JsonProperties.NULL_VALUE) {
            Object value = GenericData.get().getDefaultValue(field);
            builder.defaultValue(value(builder, field.schema(), value));
        }
        return builder.build();
    }

    private static SchemaBuilder union(org.apache.avro.Schema avro, Unfolding unfolding) {
        List<org.apache.avro.Schema> branches = branches(avro);
        if (branches.size() == 1) {
            SchemaBuilder only = schema(branches.get(0), unfolding);
            return avro.isNullable() ? only.optional() : only;
        }
        SchemaBuilder struct = SchemaBuilder.struct().name(Mapping.UNION);
        branches.forEach(branch -> struct.field(
                branch.getFullName(), schema(branch, unfolding).optional().build()));
        return avro.isNullable() ? struct.optional() : struct;
    }

    private static List<org.apache.avro.Schema> branches(org.apache.avro.Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != org.apache.avro.Schema.Type.NULL)
                .toList();
    }

    private static SchemaBuilder integer(org.apache.avro.Schema avro) {
        if (avro.getLogicalType() instanceof LogicalTypes.Date) {
            return Date.builder();
        } else if (avro.getLogicalType() instanceof LogicalTypes.TimeMillis) {
            return Time.builder();
        } else if ("int8".equals(avro.getProp(Mapping.TYPE))) {
            return SchemaBuilder.int8();
        }
        return "int16".equals(avro.getProp(Mapping.TYPE)) ? SchemaBuilder.int16() : SchemaBuilder.int32();
    }

    private static SchemaBuilder array(org.apache.avro.Schema avro, Unfolding unfolding) {
        org.apache.avro.Schema element = avro.getElementType();
        if (!isEntry(element)) {
            return SchemaBuilder.array(schema(element, unfolding).build());
        }
        return SchemaBuilder.map(
                schema(element.getField("key").schema(), unfolding).build(),
                schema(element.getField("value").schema(), unfolding).build());
    }

    private static boolean isEntry(org.apache.avro.Schema avro) {
        return avro.getType() == org.apache.avro.Schema.Type.RECORD && Mapping.ENTRY.equals(avro.getProp(Mapping.NAME));
    }

    private static SchemaBuilder annotate(SchemaBuilder builder, org.apache.avro.Schema avro) {
        if (avro.getProp(Mapping.NAME) != null && builder.name() == null) {
            builder.name(avro.getProp(Mapping.NAME));
        }
        if (avro.getObjectProp(Mapping.VERSION) instanceof Integer version && builder.version() == null) {
            builder.version(version);
        }
        if (avro.getObjectProp(Mapping.PARAMETERS) instanceof Map<?, ?> parameters) {
            parameters.forEach((name, value) -> builder.parameter(name.toString(), value.toString()));
        }
        LogicalType logical = avro.getLogicalType();
        if (logical != null && builder.name() == null && !hasLogicalType(builder)) {
            builder.parameter(Mapping.LOGICAL_TYPE, logical.getName());
        }
        return builder;
    }

    private static boolean hasLogicalType(SchemaBuilder builder) {
        return builder.parameters() != null && builder.parameters().containsKey(Mapping.LOGICAL_TYPE);
    }

    private static @Nullable Object value(Schema schema, org.apache.avro.Schema avro, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (avro.getType()) {
            case RECORD -> structValue(schema, avro, (IndexedRecord) value);
            case UNION -> unionValue(schema, avro, value);
            case ENUM, STRING -> value.toString();
            case BYTES -> bytesValue(schema, avro, (ByteBuffer) value);
            case FIXED -> ByteBuffer.wrap(((GenericFixed) value).bytes());
            case INT -> intValue(schema, (Integer) value);
            case LONG ->
                Timestamp.LOGICAL_NAME.equals(schema.name()) ? Timestamp.toLogical(schema, (Long) value) : value;
            case ARRAY -> arrayValue(schema, avro, (Iterable<?>) value);
            case MAP -> mapValue(schema, avro, (Map<?, ?>) value);
            default -> value;
        };
    }

    private static Struct structValue(Schema schema, org.apache.avro.Schema avro, IndexedRecord record) {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
            org.apache.avro.Schema.Field from = avro.getFields().get(field.index());
            struct.put(field, value(field.schema(), from.schema(), record.get(from.pos())));
        }
        return struct;
    }

    private static @Nullable Object unionValue(Schema schema, org.apache.avro.Schema avro, Object value) {
        org.apache.avro.Schema branch = avro.getTypes().get(GenericData.get().resolveUnion(avro, value));
        if (branches(avro).size() == 1) {
            return value(schema, branch, value);
        }
        Field field = schema.field(branch.getFullName());
        return new Struct(schema).put(field, value(field.schema(), branch, value));
    }

    private static Object bytesValue(Schema schema, org.apache.avro.Schema avro, ByteBuffer value) {
        return Decimal.LOGICAL_NAME.equals(schema.name())
                ? DECIMAL.fromBytes(value, avro, avro.getLogicalType())
                : value;
    }

    private static Object intValue(Schema schema, int value) {
        if (Date.LOGICAL_NAME.equals(schema.name())) {
            return Date.toLogical(schema, value);
        } else if (Time.LOGICAL_NAME.equals(schema.name())) {
            return Time.toLogical(schema, value);
        }
        return switch (schema.type()) {
            case INT8 -> (byte) value;
            case INT16 -> (short) value;
            default -> value;
        };
    }

    private static Object arrayValue(Schema schema, org.apache.avro.Schema avro, Iterable<?> values) {
        org.apache.avro.Schema element = avro.getElementType();
        if (schema.type() == Schema.Type.MAP) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (Object entry : values) {
                IndexedRecord record = (IndexedRecord) entry;
                map.put(
                        value(schema.keySchema(), element.getField("key").schema(), record.get(0)),
                        value(schema.valueSchema(), element.getField("value").schema(), record.get(1)));
            }
            return map;
        }
        List<@Nullable Object> list = new ArrayList<>();
        values.forEach(value -> list.add(value(schema.valueSchema(), element, value)));
        return list;
    }

    private static Object mapValue(Schema schema, org.apache.avro.Schema avro, Map<?, ?> values) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        values.forEach(
                (key, value) -> map.put(key.toString(), value(schema.valueSchema(), avro.getValueType(), value)));
        return map;
    }
}
