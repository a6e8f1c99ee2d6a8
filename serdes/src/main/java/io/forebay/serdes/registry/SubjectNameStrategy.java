package io.forebay.serdes.registry;

import java.util.Locale;
import org.apache.avro.Schema;

/**
 * Under which subject a schema is registered, and thereby which schemas must be compatible with each other. The
 * strategies of Confluent are constants here; others are lambdas. Stateless, thread-safe.
 */
@FunctionalInterface
public interface SubjectNameStrategy {
    /** {@code <topic>-key} or {@code <topic>-value}: one kind of record per topic. The default. */
    SubjectNameStrategy TOPIC = (topic, isKey, schema) -> topic + (isKey ? "-key" : "-value");

    /** The record's full name: one history of a kind of record across all topics. */
    SubjectNameStrategy RECORD = (topic, isKey, schema) -> recordName(topic, schema);

    /** {@code <topic>-<record's full name>}: several kinds of record per topic, each with its history. */
    SubjectNameStrategy TOPIC_RECORD = (topic, isKey, schema) -> topic + "-" + recordName(topic, schema);

    /** The subject for a schema that is about to be written to a topic. */
    String subject(String topic, boolean isKey, Schema schema);

    /**
     * A strategy by its name in configurations: {@code topic}, {@code record}, {@code topic-record}, or a class name that
     * ends in {@code TopicNameStrategy}, {@code RecordNameStrategy} or {@code TopicRecordNameStrategy}, as existing
     * configurations have it.
     *
     * @throws IllegalArgumentException if there is no such strategy; names it
     */
    static SubjectNameStrategy named(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return switch (simple.toLowerCase(Locale.ROOT)) {
            case "topic", "topicnamestrategy" -> TOPIC;
            case "record", "recordnamestrategy" -> RECORD;
            case "topic-record", "topicrecordnamestrategy" -> TOPIC_RECORD;
            default ->
                throw new IllegalArgumentException(
                        "unknown subject name strategy \"" + name + "\"; known are topic, record, topic-record");
        };
    }

    private static String recordName(String topic, Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> schema.getFullName();
            default ->
                throw new IllegalArgumentException("topic=" + topic + ": a schema of type "
                        + schema.getType().getName() + " has no name to make a subject of; use the strategy topic");
        };
    }
}
