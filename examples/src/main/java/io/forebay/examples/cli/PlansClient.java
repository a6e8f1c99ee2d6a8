package io.forebay.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads and changes the capture plans of a running instance over HTTP. Thread-safe. */
final class PlansClient {

    private static final String PATH = "/v1/capture-plans";
    private static final String IF_MATCH = "If-Match";

    private final ServerClient server;

    PlansClient(URI server) {
        this.server = new ServerClient(server);
    }

    /**
     * A plan as it stands.
     *
     * @param version what a change of it has to name
     */
    record Plan(String name, String version, JsonNode content) {}

    /** All plans, by name. */
    List<Plan> list() {
        HttpResponse<String> response = server.ask(uri(null));
        JsonNode plans = body(response).path("documents");
        if (!plans.isArray()) {
            throw server.notForebay("an answer without 'documents'");
        }
        return StreamSupport.stream(plans.spliterator(), false)
                .map(plan -> new Plan(
                        plan.path("name").asText(), plan.path("version").asText(), plan.path("content")))
                .toList();
    }

    /** One plan. */
    Optional<Plan> find(String name) {
        HttpResponse<String> response = server.ask(uri(name));
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(plan(name, response));
    }

    /**
     * Makes or replaces a plan.
     *
     * @param version the version to replace; null if it must not be there yet
     */
    Plan put(String name, String json, @Nullable String version) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(name))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json));
        if (version == null) {
            request.header("If-None-Match", "*");
        } else {
            request.header(IF_MATCH, quoted(version));
        }
        return plan(name, server.send(request));
    }

    /** Deletes a plan, whatever its version. */
    void delete(String name) {
        HttpResponse<String> response = server.send(
                HttpRequest.newBuilder(uri(name)).header(IF_MATCH, "*").DELETE());
        if (response.statusCode() != 204) {
            throw server.refused(response);
        }
    }

    private Plan plan(String name, HttpResponse<String> response) {
        JsonNode content = body(response);
        String tag =
                response.headers().firstValue("ETag").orElseThrow(() -> server.notForebay("an answer without an ETag"));
        return new Plan(name, tag.replace("\"", ""), content);
    }

    private JsonNode body(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw server.refused(response);
        }
        return server.json(response);
    }

    private URI uri(@Nullable String name) {
        return server.server().resolve(name == null ? PATH : PATH + '/' + name);
    }

    private static String quoted(String version) {
        return '"' + version + '"';
    }
}
