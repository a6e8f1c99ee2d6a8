package io.forebay.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query that not every partition answered, and what the asker can do about it. */
final class QueryFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Kind kind;
    private final transient List<PartitionFailure> failures;

    private QueryFailedException(
            Kind kind, String message, List<PartitionFailure> failures, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.failures = List.copyOf(failures);
    }

    /** Some partitions are not there at the moment. */
    static QueryFailedException unavailable(String message, List<PartitionFailure> failures) {
        return new QueryFailedException(Kind.UNAVAILABLE, message, failures, null);
    }

    /** The application is not in a state to answer. */
    static QueryFailedException unavailable(String message, @Nullable Throwable cause) {
        return new QueryFailedException(Kind.UNAVAILABLE, message, List.of(), cause);
    }

    /** Too many queries run at once. */
    static QueryFailedException overloaded(String message) {
        return new QueryFailedException(Kind.OVERLOADED, message, List.of(), null);
    }

    /** The stores took too long. */
    static QueryFailedException timeout(String message) {
        return new QueryFailedException(Kind.TIMEOUT, message, List.of(), null);
    }

    /** The stores cannot answer this, now or later. */
    static QueryFailedException broken(String message, List<PartitionFailure> failures) {
        return new QueryFailedException(Kind.BROKEN, message, failures, null);
    }

    Kind kind() {
        return kind;
    }

    /** The partitions that failed, in order; empty if none was asked. */
    List<PartitionFailure> failures() {
        return failures;
    }

    /** What the failure means for the asker. */
    enum Kind {
        /** Ask again in a moment. */
        UNAVAILABLE,
        /** Ask again in a moment, and less. */
        OVERLOADED,
        /** Ask for less. */
        TIMEOUT,
        /** Asking again does not help. */
        BROKEN
    }
}
