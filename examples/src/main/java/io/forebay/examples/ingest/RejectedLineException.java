package io.forebay.examples.ingest;

/** A line cannot become an event; the message says why. Carries no stack trace: a file may be full of them. */
final class RejectedLineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    RejectedLineException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** The message, never null. */
    String reason() {
        return reason;
    }
}
