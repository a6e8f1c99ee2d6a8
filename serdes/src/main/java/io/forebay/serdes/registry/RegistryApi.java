package io.forebay.serdes.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The REST interface: paths, bodies, and what each error means. Schemas are text here. */
final class RegistryApi {
    /** A schema as the registry keeps it; {@code id} and {@code version} are 0 where the answer has none. */
    record Stored(int id, int version, String type, String text, List<SchemaReference> references) {}

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NORMALIZE = "?normalize=true";
    private static final int EXCERPT_CHARS = 500;
    private static final int UNKNOWN_SUBJECT = 40401;

    private final RegistryTransport transport;
    private final boolean normalize;

    RegistryApi(RegistryTransport transport, boolean normalize) {
        this.transport = transport;
        this.normalize = normalize;
    }

    int register(String subject, String schemaText, List<SchemaReference> references) {
        String path = "/subjects/" + encode(subject) + "/versions" + (normalize ? NORMALIZE : "");
        JsonNode answer = ask(path, body(schemaText, references), "cannot register a schema for subject=" + subject);
        return requiredInt(answer, "id", path);
    }

    int lookUp(String subject, String schemaText) {
        String path = "/subjects/" + encode(subject) + NORMALIZE; // finds a file whatever its white space
        JsonNode answer = ask(path, body(schemaText, List.of()), "cannot find the schema in subject=" + subject);
        return requiredInt(answer, "id", path);
    }

    Stored byId(int id) {
        String path = "/schemas/ids/" + id;
        return stored(ask(path, null, "cannot get schema id=" + id), path);
    }

    Stored latest(String subject) {
        String path = "/subjects/" + encode(subject) + "/versions/latest";
        return stored(ask(path, null, "cannot get the latest schema of subject=" + subject), path);
    }

    Stored version(String subject, int version) {
        String path = "/subjects/" + encode(subject) + "/versions/" + version;
        return stored(ask(path, null, "cannot get version=" + version + " of subject=" + subject), path);
    }

    /** The versions of a subject, oldest first. */
    List<Integer> versions(String subject) {
        String path = "/subjects/" + encode(subject) + "/versions";
        JsonNode answer = ask(path, null, "cannot get the versions of subject=" + subject);
        List<Integer> versions = new ArrayList<>();
        for (JsonNode version : answer) {
            if (!version.isInt()) {
                throw notAnAnswer(path, answer.toString(), null);
            }
            versions.add(version.intValue());
        }
        return versions;
    }

    void close() {
        transport.close();
    }

    static String excerpt(String body) {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() <= EXCERPT_CHARS ? line : line.substring(0, EXCERPT_CHARS) + "…";
    }

    private static String encode(String pathSegment) {
        return URLEncoder.encode(pathSegment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String body(String schemaText, List<SchemaReference> references) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("schema", schemaText);
        if (!references.isEmpty()) {
            ArrayNode array = body.putArray("references");
            references.forEach(reference -> array.addObject()
                    .put("name", reference.name())
                    .put("subject", reference.subject())
                    .put("version", reference.version()));
        }
        return body.toString();
    }

    private JsonNode ask(String path, @Nullable String body, String failure) {
        RegistryTransport.Answer answer = transport.ask(path, body);
        if (answer.status() / 100 != 2) {
            throw failure(path, answer, failure);
        }
        return parse(answer);
    }

    private static JsonNode parse(RegistryTransport.Answer answer) {
        try {
            return MAPPER.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw notAnAnswer(answer.uri().toString(), answer.body(), e);
        }
    }

    private static SchemaRegistryException failure(String path, RegistryTransport.Answer answer, String failure) {
        JsonNode error = errorOf(answer.body());
        int code = error.path("error_code").asInt(answer.status());
        String registrySays = error.path("message").asText(excerpt(answer.body()));
        String message = failure + ": " + registrySays + " (status=" + answer.status() + " error_code=" + code + " "
                + answer.uri() + ")";
        return switch (answer.status()) {
            case 404 ->
                path.startsWith("/subjects/") && code == UNKNOWN_SUBJECT
                        ? new UnknownSubjectException(message, null)
                        : new UnknownSchemaException(message, null);
            case 409 -> new IncompatibleSchemaException(message, null);
            case 401, 403 ->
                new SchemaRegistryException(
                        message + "; check the credentials (basic.auth.user.info or bearer.auth.token)", null);
            default -> new SchemaRegistryException(message, null);
        };
    }

    /** What a registry says about an error; a proxy in front of it may say something else entirely. */
    private static JsonNode errorOf(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    private static Stored stored(JsonNode answer, String path) {
        JsonNode text = answer.path("schema");
        if (!text.isTextual()) {
            throw notAnAnswer(path, answer.toString(), null);
        }
        List<SchemaReference> references = new ArrayList<>();
        for (JsonNode reference : answer.path("references")) {
            references.add(new SchemaReference(
                    reference.path("name").asText(),
                    reference.path("subject").asText(),
                    reference.path("version").asInt()));
        }
        return new Stored(
                answer.path("id").asInt(),
                answer.path("version").asInt(),
                answer.path("schemaType").asText("AVRO"),
                text.textValue(),
                references);
    }

    private static int requiredInt(JsonNode answer, String name, String path) {
        JsonNode value = answer.path(name);
        if (!value.isInt()) {
            throw notAnAnswer(path, answer.toString(), null);
        }
        return value.intValue();
    }

    private static SchemaRegistryException notAnAnswer(String where, String body, @Nullable Throwable cause) {
        return new SchemaRegistryException(
                "not the answer of a schema registry, check the URL: " + where + ": " + excerpt(body), cause);
    }
}
