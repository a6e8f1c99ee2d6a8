package io.forebay.serdes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.serdes.event.Event;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON for humans: what the REST interface and the command line read and write.
 *
 * <pre>{@code
 * {"id": "42", "timestamp": "2026-01-01T12:00:00.000000001Z", "process": "main", "module": "Cart", "function": "add",
 *  "correlation": "order-7", "type": "call", "durationNanos": 1500, "attributes": {"items": "3"}}
 * }</pre>
 *
 * <p>Field names are part of the contract and follow the Avro schema. {@code timestamp} is ISO-8601 in UTC, always with
 * nine digits, so that text order is time order; any offset is accepted on the way in. Absent optional fields are left
 * out; {@code null} means absent as well. {@code attributes} is always written, and may be missing when read. Unknown
 * fields are refused, because a misspelt one would be lost silently, and so are fields that are there twice.
 * {@code durationNanos} has all its digits; a reader that makes doubles of numbers (JavaScript does) keeps them up to 104
 * days.
 *
 * <p>Stateless, thread-safe.
 */
public final class EventJson {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final Set<String> NAMES = Set.of(
            "id", "timestamp", "process", "module", "function", "correlation", "type", "durationNanos", "attributes");

    static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private EventJson() {}

    /** Writes an event as a JSON object, fields in the order of the schema. */
    public static ObjectNode toJson(Event event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", event.getId());
        json.put("timestamp", TIMESTAMP.format(event.getTimestamp()));
        putIfPresent(json, "process", event.getProcess());
        putIfPresent(json, "module", event.getModule());
        putIfPresent(json, "function", event.getFunction());
        putIfPresent(json, "correlation", event.getCorrelation());
        json.put("type", event.getType());
        if (event.getDurationNanos() != null) {
            json.put("durationNanos", event.getDurationNanos());
        }
        ObjectNode attributes = json.putObject("attributes");
        event.getAttributes().forEach(attributes::put);
        return json;
    }

    /**
     * Reads an event from a JSON object.
     *
     * @throws IllegalArgumentException if a required field is missing, a field is unknown or a value is of the wrong
     *     kind; the message names the field and the value
     */
    public static Event fromJson(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException(
                    "an event must be a JSON object, not " + json.getNodeType() + ": " + json);
        }
        json.fieldNames().forEachRemaining(EventJson::checkKnown);
        return Event.newBuilder()
                .setId(requiredText(json, "id"))
                .setTimestamp(timestamp(requiredText(json, "timestamp")))
                .setProcess(text(json, "process"))
                .setModule(text(json, "module"))
                .setFunction(text(json, "function"))
                .setCorrelation(text(json, "correlation"))
                .setType(requiredText(json, "type"))
                .setDurationNanos(durationNanos(json))
                .setAttributes(attributes(json))
                .build();
    }

    /** A serde for events as JSON in UTF-8, one object per record; for topics that humans read. Thread-safe. */
    public static Serde<Event> serde() {
        return Serdes.serdeFrom(EventJson::write, EventJson::read);
    }

    private static byte @Nullable [] write(String topic, @Nullable Event event) {
        if (event == null) {
            return null;
        }
        try {
            return Texts.utf8(toJson(event).toString());
        } catch (AvroRuntimeException e) {
            throw new SerializationException("Cannot serialize for topic=" + topic + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Event read(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return fromJson(MAPPER.readTree(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new SerializationException("Cannot deserialize from topic=" + topic + ": " + e.getMessage(), e);
        }
    }

    private static void putIfPresent(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void checkKnown(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("unknown field \"" + name + "\" in an event; known are "
                    + NAMES.stream().sorted().toList());
        }
    }

    private static String requiredText(JsonNode json, String name) {
        String value = text(json, name);
        if (value == null) {
            throw new IllegalArgumentException("an event needs the field \"" + name + "\": " + json);
        }
        return value;
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("field \"" + name + "\" must be text, not " + value);
        }
        return value.textValue();
    }

    private static Instant timestamp(String text) {
        try {
            Instant timestamp = OffsetDateTime.parse(text).toInstant();
            Events.toNanos(timestamp);
            return timestamp;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "field \"timestamp\" must be ISO-8601 such as 2026-01-01T12:00:00.000000001Z, not \"" + text + "\"",
                    e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "field \"timestamp\" must be between the years 1677 and 2262, not \"" + text + "\"", e);
        }
    }

    private static @Nullable Long durationNanos(JsonNode json) {
        JsonNode value = json.path("durationNanos");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(
                    "field \"durationNanos\" must be a whole number of nanoseconds, not " + value);
        }
        return value.longValue();
    }

    private static Map<String, String> attributes(JsonNode json) {
        JsonNode value = json.path("attributes");
        Map<String, String> attributes = new LinkedHashMap<>();
        if (value.isMissingNode() || value.isNull()) {
            return attributes;
        }
        if (!value.isObject()) {
            throw new IllegalArgumentException("field \"attributes\" must be an object of texts, not " + value);
        }
        value.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new IllegalArgumentException(
                        "attribute \"" + entry.getKey() + "\" must be text, not " + entry.getValue());
            }
            attributes.put(entry.getKey(), entry.getValue().textValue());
        });
        return attributes;
    }
}
