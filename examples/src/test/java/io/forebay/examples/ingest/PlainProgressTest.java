package io.forebay.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainProgressTest {

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final StringWriter out = new StringWriter();

    @Test
    void showsRateAndRemainingTimeEveryFiveSeconds() throws IOException {
        Path path = Files.write(directory.resolve("app.log"), new byte[1000]);
        try (InputFile file = InputFile.open(path.toString(), InputStream.nullInputStream());
                Progress progress = new PlainProgress(file, new PrintWriter(out), nanos::get)) {
            advance(progress, 100, 512);
            assertThat(out.toString()).isEmpty();

            nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
            advance(progress, 250, 10_000);
            advance(progress, 300, 10_512);
        }
        assertThat(out.toString().lines()).containsExactly(path + ": 10,000 events, 2,000 events/s, 25 %, 15 s left");
    }

    @Test
    void standardInputHasNoEnd() throws IOException {
        try (InputFile file = InputFile.open("-", InputStream.nullInputStream());
                Progress progress = new PlainProgress(file, new PrintWriter(out), nanos::get)) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
            advance(progress, 250, 10_000);
        }
        assertThat(out.toString().lines()).containsExactly("standard input: 10,000 events, 1,000 events/s");
    }

    /** As many lines as it takes for the clock to be looked at. */
    private static void advance(Progress progress, long bytesRead, long events) {
        for (int i = 0; i < 512; i++) {
            progress.advance(bytesRead, events);
        }
    }
}
