package io.forebay.serdes.registry;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A schema registry refused a request, or answered something that is not an answer. Trying again does not help. */
public class SchemaRegistryException extends KafkaException {
    private static final long serialVersionUID = 1L;

    /** Says what was asked, where, and what the registry answered. */
    public SchemaRegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
