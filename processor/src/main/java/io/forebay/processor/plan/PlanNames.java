package io.forebay.processor.plan;

import java.util.regex.Pattern;

/** What plans may be called. */
final class PlanNames {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private PlanNames() {}

    /** @throws IllegalArgumentException if no plan may be called so */
    static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name
                            + "' is no name of a capture plan: expected 1 to 100 letters, digits, dots, dashes and underscores");
        }
        return name;
    }
}
