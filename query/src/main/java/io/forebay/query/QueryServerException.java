package io.forebay.query;

/** A server that could not start; the message says why and what to do, and is fit to be shown to its user. */
public final class QueryServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    QueryServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
