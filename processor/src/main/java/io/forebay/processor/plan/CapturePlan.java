package io.forebay.processor.plan;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which events are captured. Immutable.
 *
 * <p>An event is captured if the rule of its type lets it pass, and the classes do. The plan without any rule,
 * {@link #EVERYTHING}, is what holds where there is no plan.
 *
 * @param description for people; may be empty
 * @param types the rule of each type of event that has one, by the name of the type
 * @param otherTypes the rule of all other types
 * @param classes which classes events may come from
 */
public record CapturePlan(
        String description, SortedMap<String, TypeRule> types, TypeRule otherTypes, ClassFilter classes) {

    /** How long a document may be, in bytes of UTF-8. */
    public static final int MAX_BYTES = 64 * 1024;

    /** The plan that leaves nothing out. */
    public static final CapturePlan EVERYTHING =
            new CapturePlan("", Collections.emptySortedMap(), TypeRule.ALL, ClassFilter.ALL);

    /** Copies the map; refuses types without a name. */
    public CapturePlan {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(otherTypes, "otherTypes");
        Objects.requireNonNull(classes, "classes");
        types.keySet().forEach(CapturePlan::requireTypeName);
        types = Collections.unmodifiableSortedMap(inNaturalOrder(types));
    }

    /** Which of two names are the same is not for the order of somebody else's map to say. */
    private static SortedMap<String, TypeRule> inNaturalOrder(SortedMap<String, TypeRule> types) {
        SortedMap<String, TypeRule> ordered = new TreeMap<>();
        ordered.putAll(types);
        return ordered;
    }

    private static void requireTypeName(String type) {
        if (type.isBlank() || type.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "'" + type + "' is no name of a type of event: there are no patterns here,"
                            + " and otherTypes is the rule of those that are not named");
        }
    }

    /**
     * Reads a document.
     *
     * @throws InvalidPlanException if it is no plan; the message names the member, its value and what is expected
     */
    public static CapturePlan parse(String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a document in UTF-8.
     *
     * @throws InvalidPlanException if it is no plan; the message names the member, its value and what is expected
     */
    public static CapturePlan parse(byte[] json) {
        return PlanJson.parse(json);
    }

    /** The document, on one line; {@link #parse(String)} reads an equal plan from it. */
    public String toJson() {
        return PlanJson.write(this);
    }

    /** The rule of a type of event; an event without a type has that of the other types. */
    public TypeRule ruleOf(@Nullable String type) {
        return type == null ? otherTypes : types.getOrDefault(type, otherTypes);
    }

    /** This plan with a rule added or changed. */
    public CapturePlan with(String type, TypeRule rule) {
        SortedMap<String, TypeRule> changed = new TreeMap<>(types);
        changed.put(type, rule);
        return new CapturePlan(description, changed, otherTypes, classes);
    }

    /** This plan with another rule for all types that have none of their own. */
    public CapturePlan withOtherTypes(TypeRule rule) {
        return new CapturePlan(description, types, rule, classes);
    }

    /** This plan with another filter of classes. */
    public CapturePlan withClasses(ClassFilter filter) {
        return new CapturePlan(description, types, otherTypes, filter);
    }
}
