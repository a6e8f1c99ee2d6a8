package io.forebay.serdes;

/** Says in one line why something failed. */
final class Reasons {
    private Reasons() {}

    static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
