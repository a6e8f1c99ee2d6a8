package io.forebay.serdes.registry;

import org.jspecify.annotations.Nullable;

/** No registry answered, after all retries at all URLs. The same request may succeed later. */
public final class RegistryUnavailableException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    /** Says what was asked, where, and what the registry answered. */
    public RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
