package io.forebay.query;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes answers. Stateless, thread-safe. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Always nine digits, so that text order is time order. */
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private Json() {}

    static void answer(Context ctx, JsonNode json) {
        answer(ctx, 200, "application/json", json);
    }

    static void answer(Context ctx, int status, String contentType, JsonNode json) {
        ctx.status(status).contentType(contentType).result(bytes(json));
    }

    /** Answers {@code {"<name>": [...]}}, turning one element into JSON at a time. */
    static <T> void answerList(Context ctx, String name, List<T> elements, Function<? super T, JsonNode> renderer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            for (T element : elements) {
                MAPPER.writeTree(json, renderer.apply(element));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ctx.contentType("application/json").result(bytes.toByteArray());
    }

    static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : TIME.format(instant);
    }
}
