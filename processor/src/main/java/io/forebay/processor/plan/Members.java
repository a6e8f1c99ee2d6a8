package io.forebay.processor.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, read strictly: a member that is unknown or of another kind than expected is an
 * {@link InvalidPlanException} that says where, what and what is expected.
 */
final class Members {

    private final JsonNode object;
    private final String pointer;

    private Members(JsonNode object, String pointer) {
        this.object = object;
        this.pointer = pointer;
    }

    /** Takes one member of an object. */
    @FunctionalInterface
    interface Visitor {
        void visit(String name, JsonNode value, String pointer);
    }

    static Members of(JsonNode json, String pointer, String... known) {
        Members members = object(json, pointer);
        Set<String> names = new TreeSet<>(Set.of(known));
        json.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw new InvalidPlanException(
                        pointer + '/' + escaped(name), "is unknown; there are " + String.join(", ", names));
            }
        });
        return members;
    }

    private static Members object(JsonNode json, String pointer) {
        if (!json.isObject()) {
            throw wrong(pointer, json, "an object");
        }
        return new Members(json, pointer);
    }

    boolean has(String name) {
        return object.has(name);
    }

    JsonNode get(String name) {
        return Objects.requireNonNull(object.get(name), name);
    }

    /** The members of a member that is an object of names that are not known beforehand; of none if it is not there. */
    Members members(String name) {
        return has(name) ? object(get(name), at(name)) : new Members(JsonNodeFactory.instance.objectNode(), at(name));
    }

    void forEach(Visitor visitor) {
        object.fields().forEachRemaining(each -> visitor.visit(each.getKey(), each.getValue(), at(each.getKey())));
    }

    String text(String name, String absent) {
        return has(name) ? text(get(name), at(name)) : absent;
    }

    boolean flag(String name, boolean absent) {
        if (!has(name)) {
            return absent;
        }
        if (!get(name).isBoolean()) {
            throw wrong(at(name), get(name), "true or false");
        }
        return get(name).booleanValue();
    }

    @Nullable
    Integer wholeNumber(String name) {
        if (!has(name)) {
            return null;
        }
        if (!get(name).canConvertToInt() || !get(name).isIntegralNumber()) {
            throw wrong(at(name), get(name), "a whole number");
        }
        return get(name).intValue();
    }

    double number(String name, double absent) {
        if (!has(name)) {
            return absent;
        }
        if (!get(name).isNumber()) {
            throw wrong(at(name), get(name), "a number");
        }
        return get(name).doubleValue();
    }

    @Nullable
    Duration duration(String name) {
        if (!has(name)) {
            return null;
        }
        try {
            return PlanDuration.parse(text(get(name), at(name)));
        } catch (IllegalArgumentException e) {
            throw e instanceof InvalidPlanException
                    ? e
                    : new InvalidPlanException(at(name), String.valueOf(e.getMessage()));
        }
    }

    List<String> texts(String name) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode list = get(name);
        if (!list.isArray()) {
            throw wrong(at(name), list, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            texts.add(text(list.get(i), at(name) + '/' + i));
        }
        return texts;
    }

    private static String text(JsonNode json, String pointer) {
        if (!json.isTextual()) {
            throw wrong(pointer, json, "a text");
        }
        return json.textValue();
    }

    private String at(String name) {
        return pointer + '/' + escaped(name);
    }

    /** As RFC 6901 wants it. */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static InvalidPlanException wrong(String pointer, JsonNode json, String expected) {
        String value = json.toString();
        String shown = value.length() <= 80 ? value : value.substring(0, 79) + '…';
        return new InvalidPlanException(
                pointer, "is " + (shown.isEmpty() ? "empty" : shown) + "; expected " + expected);
    }
}
