package io.forebay.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request, in the form of RFC 9457.
 *
 * <p>Immutable: {@code with…} methods return another problem.
 *
 * @param type what kind of problem it is; its last part is the key in {@code docs/rest.md}
 * @param title the kind in words, the same for every occurrence
 * @param status the HTTP status
 * @param detail this occurrence in words: what, which value, what to do
 * @param extensions further members
 */
record Problem(String type, String title, int status, String detail, ObjectNode extensions) {

    static final String CONTENT_TYPE = "application/problem+json";

    private static final String TYPE_PREFIX = "urn:forebay:problem:";

    private static Problem of(String key, String title, int status, String detail) {
        return new Problem(TYPE_PREFIX + key, title, status, detail, JsonNodeFactory.instance.objectNode());
    }

    static Problem invalidParameter(String parameter, String value, String detail) {
        return of("invalid-parameter", "Invalid parameter", 400, detail)
                .with("parameter", parameter)
                .with("value", value);
    }

    static Problem badRequest(String detail) {
        return of("bad-request", "Bad request", 400, detail);
    }

    static Problem eventNotFound(String id) {
        return of("event-not-found", "Event not found", 404, "there is no event with the id '" + id + "'")
                .with("id", id);
    }

    static Problem documentNotFound(String noun, String name) {
        return of(
                        "document-not-found",
                        "Document not found",
                        404,
                        "there is no " + noun + " with the name '" + name + "'")
                .with("name", name);
    }

    /** @param pointer where in the document, as a JSON pointer; empty for all of it */
    static Problem invalidDocument(String detail, String pointer) {
        return of("invalid-document", "Invalid document", 400, detail).with("pointer", pointer);
    }

    /** @param version what the document has, or null if it is not there */
    static Problem versionConflict(String detail, @Nullable Long version) {
        Problem problem = of("version-conflict", "Changed by somebody else", 412, detail);
        problem.extensions.put("version", version);
        return problem;
    }

    static Problem preconditionRequired(String detail) {
        return of("precondition-required", "Precondition required", 428, detail);
    }

    static Problem pathNotFound(String path) {
        return of("path-not-found", "Path not found", 404, "there is nothing at " + path);
    }

    static Problem methodNotAllowed(String method, String path) {
        return of("method-not-allowed", "Method not allowed", 405, method + " is not possible at " + path);
    }

    static Problem unavailable(String detail) {
        return of("unavailable", "Temporarily unavailable", 503, detail);
    }

    static Problem notReady(List<String> missing) {
        Problem problem = of("not-ready", "Not ready", 503, String.join("; ", missing));
        missing.forEach(problem.extensions.putArray("missing")::add);
        return problem;
    }

    static Problem notHealthy(String detail) {
        return of("not-healthy", "Not healthy", 503, detail);
    }

    /** Any other status that a layer below gives. */
    static Problem ofStatus(int status, String detail) {
        return of("http-" + status, "HTTP status " + status, status, detail);
    }

    /** Something the server did not expect; the log has the rest under the same id. */
    static Problem internal(String errorId) {
        return of(
                        "internal",
                        "Internal error",
                        500,
                        "the server failed in a way it did not expect; its log has the cause under " + errorId)
                .with("errorId", errorId);
    }

    static Problem of(QueryFailedException failure) {
        String detail = String.valueOf(failure.getMessage());
        Problem problem = switch (failure.kind()) {
            case UNAVAILABLE -> unavailable(detail);
            case OVERLOADED -> of("overloaded", "Too many queries", 503, detail);
            case TIMEOUT -> of("timeout", "Query timed out", 503, detail);
            case BROKEN -> of("query-failed", "Query failed", 500, detail);
        };
        if (!failure.failures().isEmpty()) {
            var partitions = problem.extensions.putArray("partitions");
            failure.failures()
                    .forEach(each -> partitions
                            .addObject()
                            .put("partition", each.partition())
                            .put("reason", each.reason().name())
                            .put("message", each.message()));
        }
        return problem;
    }

    /** Whether the same request may succeed in a moment. */
    boolean isTransient() {
        return status == 503;
    }

    /**
     * The document.
     *
     * @param instance the path and query of the request
     */
    ObjectNode toJson(String instance) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance);
        return json.setAll(extensions);
    }

    private Problem with(String member, String value) {
        ObjectNode more = extensions.deepCopy();
        more.put(member, value);
        return new Problem(type, title, status, detail, more);
    }
}
