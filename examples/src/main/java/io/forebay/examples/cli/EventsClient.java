package io.forebay.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;

/** Asks a running instance for events over HTTP. Thread-safe. */
final class EventsClient {

    private final ServerClient server;

    EventsClient(URI server) {
        this.server = new ServerClient(server);
    }

    /**
     * The events that match, in the order the server has put them in.
     *
     * @throws UserError if the server cannot be reached, refuses the query, or is no Forebay server
     */
    List<JsonNode> find(EventQuery query) {
        HttpResponse<String> response = server.ask(query.uri(server.server()));
        if (response.statusCode() != 200) {
            throw server.refused(response);
        }
        JsonNode body = server.json(response);
        if (query.isById()) {
            return List.of(body);
        }
        JsonNode events = body.path("events");
        if (!events.isArray()) {
            throw server.notForebay("an answer without 'events'");
        }
        return StreamSupport.stream(events.spliterator(), false).toList();
    }
}
