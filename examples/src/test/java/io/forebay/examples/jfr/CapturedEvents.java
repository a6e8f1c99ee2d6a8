package io.forebay.examples.jfr;

import static org.awaitility.Awaitility.await;

import io.forebay.serdes.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A sink that keeps what it gets and can be waited on. */
final class CapturedEvents implements EventSink {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public boolean accept(Event event) {
        return events.add(event);
    }

    List<Event> all() {
        return events;
    }

    List<Event> all(String type) {
        return events.stream().filter(event -> event.getType().equals(type)).toList();
    }

    /** Waits until an event of the type fulfils the condition, and returns the first that does. */
    Event awaitFirst(String type, Predicate<Event> condition) {
        return await("an event of type " + type)
                .atMost(DEADLINE)
                .until(() -> all(type).stream().filter(condition).findFirst(), found -> found.isPresent())
                .orElseThrow();
    }

    static String attribute(Event event, String name) {
        return event.getAttributes().getOrDefault(name, "");
    }
}
