package io.forebay.serdes.registry;

import org.jspecify.annotations.Nullable;

/** There is no schema of such an id, or the subject has no such version. */
public final class UnknownSchemaException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    /** Says what was asked, where, and what the registry answered. */
    public UnknownSchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
