package io.forebay.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Talks to a running instance over HTTP, and says what is the matter if it does not work. Thread-safe. */
final class ServerClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    ServerClient(URI server) {
        this.server = server;
    }

    URI server() {
        return server;
    }

    /** Asks with GET. */
    HttpResponse<String> ask(URI uri) {
        return send(HttpRequest.newBuilder(uri));
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws UserError if the server cannot be reached or does not answer in time
     */
    HttpResponse<String> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.header("Accept", "application/json, application/problem+json")
                .timeout(ANSWER_TIMEOUT)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (HttpTimeoutException e) {
            throw new UserError(server + " does not answer: see whether it is overloaded, or narrow the query", e);
        } catch (IOException e) {
            throw new UserError(
                    "cannot reach " + server + " (" + reason(e)
                            + "): see whether it is running, or name another one with --server URL",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while waiting for " + server, e);
        }
    }

    /** What the server says about its refusal, as RFC 9457 wants it. */
    UserError refused(HttpResponse<String> response) {
        JsonNode problem = json(response);
        String title = problem.path("title").asText("");
        String detail = problem.path("detail").asText("");
        String text = title.isEmpty() ? "status " + response.statusCode() : title;
        String retry = response.headers()
                .firstValue("Retry-After")
                .map(seconds -> " (try again in " + seconds + " s)")
                .orElse("");
        return new UserError(text + (detail.isEmpty() ? "" : ": " + detail) + retry);
    }

    /** The JSON object it answered with. */
    JsonNode json(HttpResponse<String> response) {
        try {
            JsonNode node = JSON.readTree(response.body());
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw notForebay("status " + response.statusCode() + ", and no JSON");
        }
        throw notForebay("status " + response.statusCode() + ", and not a JSON object");
    }

    UserError notForebay(String answer) {
        return new UserError(server + " answers with " + answer
                + ": it seems not to be a Forebay server, name one with --server URL");
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "connection refused" : e.getMessage();
    }
}
