package io.forebay.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.forebay.query.DocumentCollection.Document;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The documents of one collection. The version is the entity tag; a change has to name the one it changes, or that it does
 * not care: nobody overwrites by accident what somebody else has written.
 */
final class DocumentRoutes {

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_CHANGES = 4;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final DocumentCollection documents;

    /** Changes take time, and each takes one of the server's threads. */
    private final Semaphore changes = new Semaphore(MAX_CHANGES);

    DocumentRoutes(DocumentCollection documents) {
        this.documents = documents;
    }

    void register(RoutesConfig routes) {
        String all = "/v1/" + documents.path();
        String one = all + "/{name}";
        routes.get(all, this::list);
        routes.get(one, this::get);
        routes.put(one, this::put);
        routes.delete(one, this::delete);
    }

    private void list(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        Json.answerList(
                ctx,
                "documents",
                documents.list(),
                document -> JsonNodeFactory.instance
                        .objectNode()
                        .put("name", document.name())
                        .put("version", document.version())
                        .set("content", document.content()));
    }

    private void get(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        Document document = documents
                .find(name(ctx))
                .orElseThrow(() -> new ProblemException(Problem.documentNotFound(documents.noun(), name(ctx))));
        ctx.header("ETag", EntityTag.of(document.version()));
        if (EntityTag.matches(ctx.header("If-None-Match"), document.version())) {
            ctx.status(304);
        } else {
            Json.answer(ctx, document.content());
        }
    }

    private void put(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        JsonNode content = content(ctx);
        long expected = expectedVersion(ctx);
        change(() -> {
            Document written = documents.put(name(ctx), content, expected);
            ctx.header("ETag", EntityTag.of(written.version()));
            Json.answer(ctx, written.content());
        });
        ctx.status(expected == DocumentCollection.NONE ? 201 : 200);
    }

    /** A new document needs no precondition; that it is new is one then. */
    private long expectedVersion(Context ctx) {
        Long precondition = EntityTag.precondition(ctx.header("If-Match"), ctx.header("If-None-Match"));
        boolean present = documents.find(name(ctx)).isPresent();
        if (precondition == null && present) {
            throw preconditionRequired(ctx);
        }
        if (precondition != null && precondition == DocumentCollection.ANY && !present) {
            throw DocumentException.conflict(
                    "there is no " + documents.noun() + " with the name '" + name(ctx) + "' to replace", null);
        }
        return precondition == null ? DocumentCollection.NONE : precondition;
    }

    private void delete(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        Long precondition = EntityTag.precondition(ctx.header("If-Match"), null);
        if (precondition == null) {
            throw preconditionRequired(ctx);
        }
        if (precondition == DocumentCollection.ANY && documents.find(name(ctx)).isEmpty()) {
            throw new ProblemException(Problem.documentNotFound(documents.noun(), name(ctx)));
        }
        change(() -> documents.delete(name(ctx), precondition));
        ctx.status(204);
    }

    private void change(Runnable change) {
        if (!changes.tryAcquire()) {
            throw QueryFailedException.overloaded("as many changes as are allowed (" + MAX_CHANGES + ") are under way");
        }
        try {
            change.run();
        } finally {
            changes.release();
        }
    }

    private ProblemException preconditionRequired(Context ctx) {
        return new ProblemException(Problem.preconditionRequired("say which version of the " + documents.noun() + " '"
                + name(ctx) + "' you change: If-Match with the ETag" + " of your GET, or If-Match: * for any"));
    }

    private static String name(Context ctx) {
        return ctx.pathParam("name");
    }

    private static JsonNode content(Context ctx) {
        String type = ctx.contentType();
        if (type != null && !isJson(type)) {
            throw new ProblemException(Problem.ofStatus(415, "Content-Type '" + type + "': send application/json"));
        }
        byte[] body = body(ctx);
        if (body.length > MAX_BYTES) {
            throw new ProblemException(Problem.ofStatus(
                    413, "a document may have " + MAX_BYTES + " bytes, and this one has more; shorten it"));
        }
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw DocumentException.invalid("this is no JSON: " + where(e) + e.getOriginalMessage(), "");
        } catch (IOException e) {
            throw DocumentException.invalid("this is no JSON: " + e.getMessage(), "");
        }
    }

    private static boolean isJson(String contentType) {
        String type = contentType.split(";", 2)[0].strip();
        // What curl -d sends unless told otherwise; the body decides.
        return type.equalsIgnoreCase("application/json") || type.equalsIgnoreCase("application/x-www-form-urlencoded");
    }

    private static byte[] body(Context ctx) {
        try {
            return ctx.bodyInputStream().readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String where(JsonProcessingException e) {
        var location = e.getLocation();
        return location == null ? "" : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }
}
