package io.forebay.examples.cli;

/**
 * What the launcher knows about the terminal and Java does not: whether there is one, and how wide it is.
 *
 * @param interactive whether standard error, where progress goes, is a terminal
 * @param columns the width of standard output in characters; {@link #UNLIMITED} where it is not a terminal
 */
record Console(boolean interactive, int columns) {

    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int NARROWEST = 40;

    /** From the system properties the launcher sets. */
    static Console current() {
        int columns = Integer.getInteger("forebay.columns", 0);
        return new Console(
                Boolean.getBoolean("forebay.interactive"), columns <= 0 ? UNLIMITED : Math.max(NARROWEST, columns));
    }
}
