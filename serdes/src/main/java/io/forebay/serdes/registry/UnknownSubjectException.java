package io.forebay.serdes.registry;

import org.jspecify.annotations.Nullable;

/** There is no such subject. Register its first schema, or switch automatic registration on. */
public final class UnknownSubjectException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    /** Says what was asked, where, and what the registry answered. */
    public UnknownSubjectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
