package io.forebay.processor.plan;

/** Patterns in which {@code *} stands for any characters, or none. */
final class Glob {

    private Glob() {}

    /**
     * Whether a pattern matches all of a text.
     *
     * <p>Greedy with one point to come back to: after a later {@code *} an earlier one need not be looked at again, since
     * whatever it could skip, the later one can skip as well. So at most {@code pattern × text} steps.
     */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
