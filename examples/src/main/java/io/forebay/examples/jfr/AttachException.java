package io.forebay.examples.jfr;

import java.io.IOException;

/** A JVM could not be observed; the message says which, why, and what to do. */
public final class AttachException extends IOException {

    private static final long serialVersionUID = 1L;

    AttachException(String message, Throwable cause) {
        super(message, cause);
    }

    AttachException(String message) {
        super(message);
    }
}
