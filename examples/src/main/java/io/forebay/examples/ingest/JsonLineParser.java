package io.forebay.examples.ingest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.forebay.serdes.event.Event;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads JSON Lines: one object per line. A field of the event comes from the member of the same name, unless it is mapped
 * to another one: to a name, or with a slash in front to a path ({@code /log/level}). Members that are not mapped become
 * attributes, nested ones as JSON text; those of an object {@code attributes} become attributes themselves.
 */
final class JsonLineParser implements LineParser {

    private static final String ATTRIBUTES = "attributes";
    private static final int MAX_PLAIN_SCALE = 40;
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    private final Map<EventField, JsonPointer> sources = new EnumMap<>(EventField.class);
    private final Set<String> mappedMembers = new HashSet<>();
    private final String defaultType;
    private final TimestampParser timestamps;

    /**
     * @param mapping member, or path, by name of the event's field
     * @throws IllegalArgumentException if {@code mapping} names a field that events do not have, or a bad path
     */
    JsonLineParser(Map<String, String> mapping, String defaultType, TimestampParser timestamps) {
        this.defaultType = defaultType;
        this.timestamps = timestamps;
        for (EventField field : EventField.values()) {
            addSource(field, field.key());
        }
        mapping.forEach((key, member) -> addSource(
                EventField.of(key)
                        .orElseThrow(() -> new IllegalArgumentException("unknown field '" + key + "' in the mapping "
                                + key + "=" + member + "; known are " + EventField.names())),
                member));
        sources.values().forEach(pointer -> {
            if (pointer.tail().matches()) {
                mappedMembers.add(pointer.getMatchingProperty());
            }
        });
    }

    @Override
    public Event parse(String text, String id) throws RejectedLineException {
        JsonNode object = read(text);
        EventBuilder event = new EventBuilder(id, defaultType, timestamps);
        for (Map.Entry<EventField, JsonPointer> source : sources.entrySet()) {
            JsonNode value = object.at(source.getValue());
            if (value.isContainerNode()) {
                throw new RejectedLineException(source.getKey().key() + " is not a simple value");
            }
            if (!value.isMissingNode() && !value.isNull()) {
                event.set(source.getKey(), text(value));
            }
        }
        addAttributes(object, event);
        return event.build();
    }

    private void addAttributes(JsonNode object, EventBuilder event) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getKey().equals(ATTRIBUTES) && member.getValue().isObject()) {
                member.getValue().properties().forEach(nested -> addAttribute(nested, event));
            } else if (!mappedMembers.contains(member.getKey())) {
                addAttribute(member, event);
            }
        }
    }

    private static void addAttribute(Map.Entry<String, JsonNode> member, EventBuilder event) {
        JsonNode value = member.getValue();
        if (!value.isNull()) {
            event.attribute(member.getKey(), text(value));
        }
    }

    /** Numbers as they are usually written, 1700000000.25 rather than 1.70000000025E9. */
    private static String text(JsonNode value) {
        if (value.isBigDecimal() && Math.abs(value.decimalValue().scale()) <= MAX_PLAIN_SCALE) {
            return value.decimalValue().toPlainString();
        }
        return value.isContainerNode() ? value.toString() : value.asText();
    }

    private void addSource(EventField field, String member) {
        try {
            String path = member.startsWith("/")
                    ? member
                    : '/' + member.replace("~", "~0").replace("/", "~1");
            sources.put(field, JsonPointer.compile(path));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + member + "' is not a path in JSON: " + e.getMessage(), e);
        }
    }

    private static JsonNode read(String text) throws RejectedLineException {
        try {
            JsonNode node = READER.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new RejectedLineException(
                    "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        throw new RejectedLineException("not a JSON object");
    }
}
