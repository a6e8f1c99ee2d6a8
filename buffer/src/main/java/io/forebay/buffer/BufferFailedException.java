package io.forebay.buffer;

/** A write was refused because its partition could not be processed and keeps what it has; the cause says why. */
public class BufferFailedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public BufferFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
