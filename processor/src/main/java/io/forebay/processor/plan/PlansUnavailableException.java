package io.forebay.processor.plan;

/** The topic of the plans cannot be read or written at the moment; the message says why. */
public final class PlansUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PlansUnavailableException(String message) {
        super(message);
    }

    PlansUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
