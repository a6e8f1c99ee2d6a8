package io.forebay.examples.ingest;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A line every few seconds, for logs and pipes. */
final class PlainProgress implements Progress {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final int LINES_PER_LOOK = 256;

    private final InputFile file;
    private final PrintWriter out;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long shownNanos;
    private long lines;

    PlainProgress(InputFile file, PrintWriter out, LongSupplier nanoClock) {
        this.file = file;
        this.out = out;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.shownNanos = startNanos;
    }

    @Override
    public void advance(long bytesRead, long events) {
        if (++lines % LINES_PER_LOOK != 0) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (now - shownNanos >= INTERVAL.toNanos()) {
            shownNanos = now;
            show(bytesRead, events, (now - startNanos) / 1e9);
        }
    }

    private void show(long bytesRead, long events, double seconds) {
        StringBuilder line = new StringBuilder(file.name());
        line.append(String.format(Locale.ROOT, ": %,d events, %,.0f events/s", events, events / seconds));
        if (file.sizeBytes() > 0 && bytesRead > 0) {
            double part = (double) bytesRead / file.sizeBytes();
            line.append(String.format(Locale.ROOT, ", %.0f %%, %.0f s left", 100 * part, seconds / part - seconds));
        }
        out.println(line);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
