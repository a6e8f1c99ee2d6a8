package io.forebay.serdes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Any Avro record as JSON for humans.
 *
 * <p>Not Avro's own JSON encoding, which wraps values of unions in type names and writes dates as numbers. Here
 *
 * <ul>
 *   <li>a record is an object with its fields in order; fields that are null are left out,
 *   <li>times are ISO-8601 in UTC with all the digits their type has, a UUID is text, a decimal a number,
 *   <li>bytes and fixed are base64, an enum is its symbol,
 *   <li>numbers that JSON does not know are the texts {@code NaN}, {@code Infinity} and {@code -Infinity}.
 * </ul>
 *
 * <p>Numbers are written with all their digits, however many. Readers that make doubles of all numbers (JavaScript does)
 * keep sixteen of them: longs beyond 2<sup>53</sup> and long decimals have to be read as what they are.
 *
 * <p>The mapping is one-way, as names of union branches are lost; for events {@link EventJson} goes both ways. Stateless,
 * thread-safe.
 */
public final class AvroJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

    /** Turns raw values of generic records into what generated records hold already. */
    private static final GenericData CONVERSIONS = UsualConversions.addTo(new GenericData());

    private AvroJson() {}

    /** Writes a generated or generic record. */
    public static ObjectNode toJson(IndexedRecord record) {
        ObjectNode json = JSON.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value != null) {
                json.set(field.name(), toJson(value, field.schema()));
            }
        }
        return json;
    }

    /** Writes any value of a schema. */
    static JsonNode toJson(@Nullable Object value, Schema schema) {
        if (value == null) {
            return JSON.nullNode();
        }
        if (schema.getType() == Schema.Type.UNION) {
            return toJson(value, branch(value, schema));
        }
        Object logical = toLogical(value, schema);
        return switch (schema.getType()) {
            case RECORD -> toJson((IndexedRecord) logical);
            case ARRAY -> array((Collection<?>) logical, schema.getElementType());
            case MAP -> map((Map<?, ?>) logical, schema.getValueType());
            default -> scalar(logical);
        };
    }

    /** The branch of a union a value belongs to; generated records hold converted values, which only they resolve. */
    private static Schema branch(Object value, Schema union) {
        for (Schema branch : union.getTypes()) {
            Conversion<?> conversion = CONVERSIONS.getConversionFor(branch.getLogicalType());
            if (conversion != null && conversion.getConvertedType().isInstance(value)) {
                return branch;
            }
        }
        return union.getTypes().get(GenericData.get().resolveUnion(union, value));
    }

    private static Object toLogical(Object value, Schema schema) {
        LogicalType type = schema.getLogicalType();
        Conversion<?> conversion = type == null ? null : CONVERSIONS.getConversionFor(type);
        return conversion == null || conversion.getConvertedType().isInstance(value)
                ? value
                : Conversions.convertToLogicalType(value, schema, type, conversion);
    }

    private static ArrayNode array(Collection<?> values, Schema elements) {
        ArrayNode json = JSON.arrayNode(values.size());
        values.forEach(value -> json.add(toJson(value, elements)));
        return json;
    }

    private static ObjectNode map(Map<?, ?> values, Schema valueSchema) {
        ObjectNode json = JSON.objectNode();
        values.forEach((name, value) -> json.set(name.toString(), toJson(value, valueSchema)));
        return json;
    }

    private static JsonNode scalar(Object value) {
        if (value instanceof Integer number) {
            return JSON.numberNode(number);
        } else if (value instanceof Long number) {
            return JSON.numberNode(number);
        } else if (value instanceof Float number) {
            return Float.isFinite(number) ? JSON.numberNode(number) : JSON.textNode(number.toString());
        } else if (value instanceof Double number) {
            return Double.isFinite(number) ? JSON.numberNode(number) : JSON.textNode(number.toString());
        } else if (value instanceof Boolean truth) {
            return JSON.booleanNode(truth);
        } else if (value instanceof BigDecimal number) {
            return JSON.numberNode(number);
        } else if (value instanceof ByteBuffer bytes) {
            return JSON.textNode(base64(bytes));
        } else if (value instanceof GenericFixed fixed) {
            return JSON.textNode(base64(ByteBuffer.wrap(fixed.bytes())));
        } else if (value instanceof Instant instant) {
            return JSON.textNode(EventJson.TIMESTAMP.format(instant));
        }
        return JSON.textNode(value.toString()); // text, enum symbols, UUIDs, dates and times of day
    }

    private static String base64(ByteBuffer bytes) {
        ByteBuffer encoded = Base64.getEncoder().encode(bytes.duplicate());
        return new String(encoded.array(), 0, encoded.limit(), StandardCharsets.US_ASCII);
    }
}
