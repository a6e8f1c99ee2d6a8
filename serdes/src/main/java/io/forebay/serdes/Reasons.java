package io.forebay.serdes;

/** Says in one line why something failed. */
final class Reasons {
    private Reasons() {}

    static String of(Throwable failure) {
        if (failure instanceof ArithmeticException) {
            return "a number or timestamp is out of the range of its type (" + failure.getMessage() + ")";
        }
        if (failure instanceof LinkageError) {
            return "a class cannot be loaded: " + failure;
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
