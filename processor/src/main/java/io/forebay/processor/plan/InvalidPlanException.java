package io.forebay.processor.plan;

/** A document is no capture plan; the message says which member, its value and what is expected. */
public final class InvalidPlanException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String pointer;

    InvalidPlanException(String pointer, String message) {
        super((pointer.isEmpty() ? "the document" : pointer) + ": " + message);
        this.pointer = pointer;
    }

    /** Where in the document, as a JSON pointer (RFC 6901); empty for the document as a whole. */
    public String pointer() {
        return pointer;
    }
}
