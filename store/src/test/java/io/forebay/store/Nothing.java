package io.forebay.store;

/** What callers pass who do not care for annotations. */
final class Nothing {

    private Nothing() {}

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T get() {
        return null;
    }
}
