package io.forebay.examples.ingest;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fields of an event that a file can fill; everything else becomes an attribute. */
enum EventField {
    ID("id"),
    TIMESTAMP("timestamp"),
    PROCESS("process"),
    MODULE("module"),
    FUNCTION("function"),
    CORRELATION("correlation"),
    TYPE("type"),
    DURATION_NANOS("durationNanos");

    private final String key;

    EventField(String key) {
        this.key = key;
    }

    /** Its name in the schema. */
    String key() {
        return key;
    }

    static Optional<EventField> of(String key) {
        return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
    }

    /** All names, for messages. */
    static String names() {
        return Arrays.stream(values()).map(EventField::key).collect(Collectors.joining(", "));
    }
}
