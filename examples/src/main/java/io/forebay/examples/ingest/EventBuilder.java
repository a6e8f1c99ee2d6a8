package io.forebay.examples.ingest;

import io.forebay.serdes.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the fields of one event as text. Absent and empty text leave a field unset. */
final class EventBuilder {

    private final Event event = new Event();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final TimestampParser timestamps;

    EventBuilder(String id, String type, TimestampParser timestamps) {
        this.timestamps = timestamps;
        event.setId(id);
        event.setType(type);
    }

    void set(EventField field, String value) throws RejectedLineException {
        if (value.isEmpty()) {
            return;
        }
        switch (field) {
            case ID -> event.setId(value);
            case TIMESTAMP -> event.setTimestamp(timestamps.parse(value));
            case PROCESS -> event.setProcess(value);
            case MODULE -> event.setModule(value);
            case FUNCTION -> event.setFunction(value);
            case CORRELATION -> event.setCorrelation(value);
            case TYPE -> event.setType(value);
            case DURATION_NANOS -> event.setDurationNanos(nanos(value));
        }
    }

    void attribute(String name, String value) {
        attributes.put(name, value);
    }

    Event build() throws RejectedLineException {
        if (event.getTimestamp() == null) {
            throw new RejectedLineException("no timestamp");
        }
        event.setAttributes(attributes);
        return event;
    }

    private static long nanos(String value) throws RejectedLineException {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new RejectedLineException("durationNanos '" + Excerpt.of(value) + "' is not a whole number");
        }
    }
}
