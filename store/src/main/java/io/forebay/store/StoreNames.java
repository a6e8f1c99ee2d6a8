package io.forebay.store;

import java.util.regex.Pattern;

/** What a store may be called: its name is part of the names of a directory and of a topic. */
final class StoreNames {

    private static final int MAX_LENGTH = 249;
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_LENGTH + "}");

    private StoreNames() {}

    /**
     * The name.
     *
     * @throws IllegalArgumentException if no store can have it
     */
    static String requireValid(String name) {
        if (!VALID.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("the name '" + name
                    + "' of a store must have 1 to " + MAX_LENGTH
                    + " ASCII letters, digits, dots, dashes or underscores, and be neither '.' nor '..'");
        }
        return name;
    }
}
