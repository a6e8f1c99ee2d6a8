package io.forebay.processor.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A plan as JSON; {@code docs/capture-plan.md} describes it. Thread-safe. */
final class PlanJson {

    private static final int MAX_DEPTH = 10;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PlanJson() {}

    static CapturePlan parse(byte[] json) {
        if (json.length > CapturePlan.MAX_BYTES) {
            throw new InvalidPlanException(
                    "", "has " + json.length + " bytes; " + CapturePlan.MAX_BYTES + " are allowed");
        }
        Members document = Members.of(tree(json), "", "description", "types", "otherTypes", "classes");
        SortedMap<String, TypeRule> types = new TreeMap<>();
        document.members("types").forEach((type, rule, pointer) -> types.put(type, rule(rule, pointer)));
        TypeRule otherTypes =
                document.has("otherTypes") ? rule(document.get("otherTypes"), "/otherTypes") : TypeRule.ALL;
        ClassFilter classes = document.has("classes") ? classes(document.get("classes"), "/classes") : ClassFilter.ALL;
        return valid("/types", () -> new CapturePlan(document.text("description", ""), types, otherTypes, classes));
    }

    private static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": ";
            throw new InvalidPlanException("", "is no JSON: " + where + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidPlanException("", "is no JSON: " + e.getMessage());
        }
    }

    private static TypeRule rule(JsonNode json, String pointer) {
        Members rule = Members.of(json, pointer, "capture", "minDuration", "maxPerSecond", "sample");
        return valid(
                pointer,
                () -> new TypeRule(
                        rule.flag("capture", true),
                        rule.duration("minDuration"),
                        rule.wholeNumber("maxPerSecond"),
                        rule.number("sample", 1)));
    }

    private static ClassFilter classes(JsonNode json, String pointer) {
        Members filter = Members.of(json, pointer, "include", "exclude");
        return valid(pointer, () -> new ClassFilter(filter.texts("include"), filter.texts("exclude")));
    }

    /** What a record refuses is wrong with this part of the document. */
    private static <T> T valid(String pointer, Supplier<T> part) {
        try {
            return part.get();
        } catch (InvalidPlanException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidPlanException(pointer, String.valueOf(e.getMessage()));
        }
    }

    static String write(CapturePlan plan) {
        ObjectNode json = MAPPER.createObjectNode();
        if (!plan.description().isEmpty()) {
            json.put("description", plan.description());
        }
        ObjectNode types = json.putObject("types");
        plan.types().forEach((type, rule) -> write(rule, types.putObject(type)));
        write(plan.otherTypes(), json.putObject("otherTypes"));
        ObjectNode classes = json.putObject("classes");
        plan.classes().include().forEach(classes.putArray("include")::add);
        plan.classes().exclude().forEach(classes.putArray("exclude")::add);
        return json.toString();
    }

    private static void write(TypeRule rule, ObjectNode json) {
        if (!rule.capture()) {
            json.put("capture", false);
        }
        if (rule.minDuration() != null) {
            json.put("minDuration", PlanDuration.format(rule.minDuration()));
        }
        if (rule.maxPerSecond() != null) {
            json.put("maxPerSecond", rule.maxPerSecond());
        }
        if (rule.sample() != 1) {
            json.put("sample", rule.sample());
        }
    }
}
