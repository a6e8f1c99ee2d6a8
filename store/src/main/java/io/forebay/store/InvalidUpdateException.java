package io.forebay.store;

import org.jspecify.annotations.Nullable;

/** An update that a {@link LatestStore} cannot take: the message says of which key, and what is wrong with it. */
public final class InvalidUpdateException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidUpdateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
