package io.forebay.examples.ingest;

/** Text that is fit to be shown in a message: short, and without control characters. */
final class Excerpt {

    private static final int MAX_LENGTH = 80;

    private Excerpt() {}

    static String of(String text) {
        String shown = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + '…';
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
