package io.forebay.serdes.registry;

import org.jspecify.annotations.Nullable;

/** The subject's compatibility rule refuses a schema. Has the registry's account of what is incompatible. */
public final class IncompatibleSchemaException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    /** Says what was asked, where, and what the registry answered. */
    public IncompatibleSchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
