package io.forebay.serdes.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** Between schemas and the texts that a registry keeps. */
final class SchemaTexts {
    private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SchemaTexts() {}

    /**
     * A schema's text without {@code avro.java.string}: how Java shall represent strings is the business of each reader,
     * and with it the schema of a generated class would not be found under the file it was generated from.
     *
     * @param references types that are left out, but for their names
     */
    static String portable(Schema schema, List<SchemaReference> references) {
        Set<String> leftOut = references.stream().map(SchemaReference::name).collect(Collectors.toSet());
        try {
            JsonNode text = MAPPER.readTree(schema.toString());
            return withoutHints(withoutTypes(text, "", leftOut)).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro wrote a schema that is not JSON: " + schema, e);
        }
    }

    private static JsonNode withoutHints(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withoutHints(array.get(i)));
            }
        } else if (node instanceof ObjectNode object) {
            object.remove("avro.java.string");
            if (object.size() == 1 && object.path("type").isTextual()) {
                return object.get("type"); // {"type": "string"} was an object only for the sake of the hint
            }
            object.properties().forEach(property -> property.setValue(withoutHints(property.getValue())));
        }
        return node;
    }

    /** Replaces definitions of {@code leftOut} types by their names. */
    private static JsonNode withoutTypes(JsonNode node, String namespace, Set<String> leftOut) {
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withoutTypes(array.get(i), namespace, leftOut));
            }
            return array;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        String inner = namespace;
        if (NAMED.contains(object.path("type").asText())) {
            String name = object.path("name").asText();
            inner = object.path("namespace").asText(namespace);
            String fullName = name.contains(".") || inner.isEmpty() ? name : inner + "." + name;
            if (leftOut.contains(fullName)) {
                return TextNode.valueOf(fullName);
            }
        }
        for (String child : List.of("type", "fields", "items", "values")) {
            if (object.has(child)) {
                object.set(child, withoutTypes(object.get(child), inner, leftOut));
            }
        }
        return object;
    }

    /**
     * Parses a text whose references are already resolved.
     *
     * @param byReference gets the version a reference names
     */
    static Schema parse(RegistryApi.Stored stored, Function<SchemaReference, RegistryApi.Stored> byReference) {
        if (!stored.type().equals("AVRO")) {
            throw new SchemaRegistryException("the schema is of type " + stored.type() + ", not AVRO", null);
        }
        // A writer's names and defaults are as they are; what a reader needs is the shape.
        Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
        try {
            define(stored.references(), byReference, parser, new HashSet<>());
            return parser.parse(stored.text());
        } catch (AvroRuntimeException e) {
            throw new SchemaRegistryException(
                    "the registry's schema cannot be parsed: " + e.getMessage() + ": "
                            + RegistryApi.excerpt(stored.text()),
                    e);
        }
    }

    private static void define(
            List<SchemaReference> references,
            Function<SchemaReference, RegistryApi.Stored> byReference,
            Schema.Parser parser,
            Set<String> defined) {
        for (SchemaReference reference : references) {
            if (defined.add(reference.subject() + "/" + reference.version())) {
                RegistryApi.Stored stored = byReference.apply(reference);
                define(stored.references(), byReference, parser, defined);
                parser.parse(stored.text());
            }
        }
    }
}
