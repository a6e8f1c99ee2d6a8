package io.forebay.query;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A parameter that is a positive number with a maximum. */
final class WholeNumber {

    private static final Pattern PLAIN = Pattern.compile("\\d{1,9}");

    private WholeNumber() {}

    /**
     * Reads a number.
     *
     * @return {@code ifAbsent} if the text is null
     * @throws ProblemException if the text is anything but a number from 1 to {@code max}
     */
    static int parse(String parameter, @Nullable String text, int ifAbsent, int max) {
        if (text == null) {
            return ifAbsent;
        }
        int value = PLAIN.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (value < 1 || value > max) {
            throw new ProblemException(Problem.invalidParameter(
                    parameter, text, parameter + " '" + text + "' must be a whole number from 1 to " + max));
        }
        return value;
    }
}
