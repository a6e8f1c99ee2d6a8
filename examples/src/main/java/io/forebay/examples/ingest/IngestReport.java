package io.forebay.examples.ingest;

import java.util.List;

/**
 * What became of the lines of a file. Blank lines are not counted.
 *
 * @param events lines that became events, all of them acknowledged
 * @param rejected lines that did not
 * @param shown the first rejected lines, in order
 */
record IngestReport(long events, long rejected, List<RejectedLine> shown) {

    /** A line that did not become an event. */
    record RejectedLine(long number, String reason, String excerpt) {

        @Override
        public String toString() {
            return "line " + number + ": " + reason + ": " + excerpt;
        }
    }

    IngestReport {
        shown = List.copyOf(shown);
    }
}
