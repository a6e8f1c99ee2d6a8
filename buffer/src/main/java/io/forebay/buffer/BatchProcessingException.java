package io.forebay.buffer;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A batch could not be processed; the cause says why. What was not delivered is still in the buffer. */
public class BatchProcessingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BatchProcessingException(String message, Throwable cause) {
        super(message, cause);
    }

    static BatchProcessingException undelivered(String buffer, CloseReport report, Duration timeout) {
        Throwable cause = report.failure();
        return new BatchProcessingException(
                "buffer " + buffer + " was closed with " + report.undelivered() + " elements undelivered",
                cause != null ? cause : new TimeoutException("closing took longer than " + timeout));
    }
}
