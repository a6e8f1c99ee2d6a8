package io.forebay.testing;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A broker could not be started. The message names the value at fault and says what to do about it. */
public final class KafkaStartException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    KafkaStartException(Reason reason, String message) {
        this(reason, message, null);
    }

    KafkaStartException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the broker could not start. */
    public Reason reason() {
        return reason;
    }

    /** What stands in the way of a broker. */
    public enum Reason {
        /** Another program listens on the wanted port. */
        PORT_IN_USE,
        /** Another broker works on the same directory. */
        DIRECTORY_IN_USE,
        /** The directory cannot be created or written. */
        DIRECTORY_NOT_WRITABLE,
        /** The directory holds something that is not a broker's data; nothing in it was touched. */
        DIRECTORY_FOREIGN,
        /** The directory is a broker's, but what is in it cannot be used any more. */
        DIRECTORY_DAMAGED,
        /** The broker did not come up in time. */
        TIMED_OUT,
        /** The broker, or its process, failed for a reason of its own: see the message and the cause. */
        FAILED
    }
}
