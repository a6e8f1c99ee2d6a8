package io.forebay.examples.cli;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to ask a server for: one event by id, or the events that match all of the given criteria.
 *
 * <p>Immutable: {@link #with} answers a copy.
 */
final class EventQuery {

    private static final String EVENTS = "v1/events";

    private final Map<String, String> criteria;
    private final @Nullable String id;

    private EventQuery(Map<String, String> criteria, @Nullable String id) {
        this.criteria = criteria;
        this.id = id;
    }

    static EventQuery byId(String id) {
        return new EventQuery(Map.of(), id);
    }

    static EventQuery all() {
        return new EventQuery(Map.of(), null);
    }

    /** With one more criterion, unless it is absent. */
    EventQuery with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(criteria);
        more.put(name, value instanceof Instant instant ? instant.toString() : value.toString());
        return new EventQuery(more, id);
    }

    /** Whether the answer is a single event. */
    boolean isById() {
        return id != null;
    }

    /** The address to ask; {@code server} may have a path of its own. */
    URI uri(URI server) {
        String base = server.toString().replaceFirst("/*$", "/") + EVENTS;
        if (id != null) {
            return URI.create(base + "/" + encode(id));
        }
        String parameters = criteria.entrySet().stream()
                .map(criterion -> criterion.getKey() + "=" + encode(criterion.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(parameters.isEmpty() ? base : base + "?" + parameters);
    }

    /** Percent-encoding that is right in a path as well as in a query. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
