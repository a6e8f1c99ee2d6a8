package io.forebay.examples.ingest;

import io.forebay.examples.cli.UserError;
import io.forebay.examples.ingest.IngestReport.RejectedLine;
import io.forebay.serdes.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the lines of one file into events, one after the other. Used once, by one thread. */
final class Ingest {

    private final LineDecoder decoder;
    private final LineParser parser;
    private final EventOutput output;
    private final boolean strict;
    private final int maxShown;

    private long events;
    private long rejected;
    private final List<RejectedLine> shown = new ArrayList<>();

    /**
     * @param strict whether the first line that does not fit ends it all
     * @param maxShown how many lines that do not fit are reported one by one; the rest is counted
     */
    Ingest(LineDecoder decoder, LineParser parser, EventOutput output, boolean strict, int maxShown) {
        this.decoder = decoder;
        this.parser = parser;
        this.output = output;
        this.strict = strict;
        this.maxShown = maxShown;
    }

    /**
     * Publishes every line of the file and waits until all are acknowledged.
     *
     * @throws UserError if an event cannot be written, if the file breaks off, or for the first line that does not fit if
     *     strict; what was published before is acknowledged then, and nothing behind that line has been published
     */
    IngestReport run(InputFile file, int maxLineBytes, Progress progress) throws InterruptedException {
        LineReader lines = new LineReader(file.stream(), maxLineBytes);
        for (Line line = next(lines, file); line != null; line = next(lines, file)) {
            ingest(line, file, maxLineBytes);
            progress.advance(file.bytesRead(), events);
        }
        output.flush();
        return new IngestReport(events, rejected, shown);
    }

    private void ingest(Line line, InputFile file, int maxLineBytes) throws InterruptedException {
        Event event;
        try {
            event = parse(line, maxLineBytes);
        } catch (RejectedLineException e) {
            reject(line, e, file);
            return;
        }
        if (event != null) {
            output.publish(event);
            events++;
        }
    }

    /** The event, or null for a blank line. */
    private @Nullable Event parse(Line line, int maxLineBytes) throws RejectedLineException {
        if (line.tooLong()) {
            throw new RejectedLineException("longer than " + maxLineBytes + " bytes (--max-line-bytes)");
        }
        String text = decoder.decode(line.bytes());
        return text.isBlank() ? null : parser.parse(text, line.id());
    }

    private void reject(Line line, RejectedLineException cause, InputFile file) throws InterruptedException {
        RejectedLine entry = new RejectedLine(line.number(), cause.reason(), excerpt(line));
        if (strict) {
            output.flush();
            throw new UserError(file.name() + " " + entry + " (--strict: stopped here, " + events
                    + " events before it were ingested)");
        }
        rejected++;
        if (shown.size() < maxShown) {
            shown.add(entry);
        }
    }

    private static String excerpt(Line line) {
        return Excerpt.of(new String(line.bytes(), 0, Math.min(400, line.bytes().length), StandardCharsets.UTF_8));
    }

    private @Nullable Line next(LineReader lines, InputFile file) throws InterruptedException {
        try {
            return lines.read();
        } catch (IOException e) {
            output.flush();
            throw new UserError(
                    file.name() + " cannot be read any further (" + e.getMessage() + "): " + events
                            + " events before that were ingested; once the file is whole, run it again",
                    e);
        }
    }
}
