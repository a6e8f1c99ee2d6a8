package io.forebay.processor;

/** Records that were handed to a {@link BatchWriter} could not be written; the cause says why, if the target did. */
public final class BatchWriteException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BatchWriteException(String message, Throwable cause) {
        super(message, cause);
    }

    BatchWriteException(String message) {
        super(message);
    }
}
