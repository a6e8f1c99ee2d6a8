package io.forebay.processor.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which classes events may come from. Immutable.
 *
 * <p>Patterns are full names of classes; {@code *} stands for any characters, dots included, or none:
 * {@code com.acme.*}, {@code *$Proxy*}.
 *
 * @param include one of these has to match; none given: all do
 * @param exclude none of these may match
 */
public record ClassFilter(List<String> include, List<String> exclude) {

    /** Every class. */
    public static final ClassFilter ALL = new ClassFilter(List.of(), List.of());

    private static final int MAX_PATTERNS = 100;

    /** Copies the lists; refuses empty patterns and more than a hundred in one list. */
    public ClassFilter {
        include = checked("include", include);
        exclude = checked("exclude", exclude);
    }

    private static List<String> checked(String list, List<String> patterns) {
        if (patterns.size() > MAX_PATTERNS) {
            throw new IllegalArgumentException(
                    list + " has " + patterns.size() + " patterns; " + MAX_PATTERNS + " are allowed");
        }
        for (String pattern : patterns) {
            if (pattern.isBlank() || pattern.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException(
                        list + " has '" + pattern + "', which is no name of a class; * stands for any characters");
            }
        }
        return List.copyOf(patterns);
    }

    /**
     * Whether events of this class are captured. Linear in the number of patterns; allocates nothing.
     *
     * @param className full name of the class; events that come from none (null) are captured
     */
    public boolean admits(@Nullable String className) {
        return className == null || (isIncluded(className) && !matchesAny(exclude, className));
    }

    private boolean isIncluded(String className) {
        return include.isEmpty() || matchesAny(include, className);
    }

    private static boolean matchesAny(List<String> patterns, String className) {
        for (int i = 0; i < patterns.size(); i++) {
            if (Glob.matches(patterns.get(i), className)) {
                return true;
            }
        }
        return false;
    }
}
