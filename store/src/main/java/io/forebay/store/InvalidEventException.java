package io.forebay.store;

import org.jspecify.annotations.Nullable;

/** An event that a store cannot take: the message says which, and what is wrong with it. */
public final class InvalidEventException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
