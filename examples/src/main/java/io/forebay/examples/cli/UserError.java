package io.forebay.examples.cli;

import java.io.Serial;

/** Something the user can put right. The message says what is wrong, names the value and says what to do about it. */
public final class UserError extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** An error that is explained by its message alone. */
    public UserError(String message) {
        super(message);
    }

    /** An error whose cause is worth a stack trace under {@code --verbose}. */
    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
