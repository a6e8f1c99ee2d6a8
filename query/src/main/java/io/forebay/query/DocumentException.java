package io.forebay.query;

import org.jspecify.annotations.Nullable;

/** A {@link DocumentCollection} cannot do what it is asked for; the message goes to the asker. */
public final class DocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    private DocumentException(Problem problem, @Nullable Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
    }

    /**
     * Name or content are wrong.
     *
     * @param pointer where in the content, as a JSON pointer; empty for all of it, or the name
     */
    public static DocumentException invalid(String message, String pointer) {
        return new DocumentException(Problem.invalidDocument(message, pointer), null);
    }

    /**
     * The document has another version than expected.
     *
     * @param version the one it has, or null if it is not there
     */
    public static DocumentException conflict(String message, @Nullable Long version) {
        return new DocumentException(Problem.versionConflict(message, version), null);
    }

    /** They cannot be read or written at the moment. */
    public static DocumentException unavailable(String message, Throwable cause) {
        return new DocumentException(Problem.unavailable(message), cause);
    }

    Problem problem() {
        return problem;
    }
}
