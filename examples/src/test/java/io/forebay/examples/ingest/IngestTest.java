package io.forebay.examples.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.examples.cli.UserError;
import io.forebay.serdes.event.Event;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTest {

    private static final int MAX_LINE_BYTES = 200;
    private static final String GOOD = "2026-03-01T12:00:00Z one\n";
    private static final String BAD = "nothing that matches\n";

    @TempDir
    Path directory;

    private final List<Event> published = new ArrayList<>();
    private int flushed;

    @Test
    void everyLineBecomesAnEvent() throws Exception {
        IngestReport report = ingest(write("app.log", GOOD + "\n" + GOOD + "   \n" + GOOD), false);

        assertThat(report).isEqualTo(new IngestReport(3, 0, List.of()));
        assertThat(published).hasSize(3);
        assertThat(published).extracting(Event::getId).doesNotHaveDuplicates();
        assertThat(flushed).isEqualTo(1);
    }

    @Test
    void linesThatDoNotMatchAreCountedAndTheFirstShown() throws Exception {
        IngestReport report = ingest(write("app.log", BAD + GOOD + BAD + "x\u0007\n" + GOOD), false);

        assertThat(report.events()).isEqualTo(2);
        assertThat(report.rejected()).isEqualTo(3);
        assertThat(report.shown())
                .extracting(Object::toString)
                .containsExactly(
                        "line 1: does not match the regular expression: nothing that matches",
                        "line 3: does not match the regular expression: nothing that matches");
    }

    @Test
    void strictStopsAtTheFirstLineThatDoesNotMatch() throws Exception {
        Path file = write("app.log", GOOD + GOOD + BAD + GOOD);

        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(file, true))
                .withMessageContaining(file + " line 3: ")
                .withMessageContaining("nothing that matches")
                .withMessageContaining("2 events before it were ingested");
        assertThat(published).hasSize(2);
        assertThat(flushed).isEqualTo(1);
    }

    @Test
    void brokenEncodingIsReportedByLine() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(GOOD.getBytes(UTF_8));
        bytes.write("2026-03-01T12:00:00Z caf\u00e9\n".getBytes(ISO_8859_1));
        bytes.write("2026-03-01T12:00:00Z caf\u00e9\n".getBytes(UTF_8));
        Path file = Files.write(directory.resolve("app.log"), bytes.toByteArray());

        IngestReport report = ingest(file, false);

        assertThat(report.events()).isEqualTo(2);
        assertThat(report.shown()).singleElement().satisfies(line -> {
            assertThat(line.number()).isEqualTo(2);
            assertThat(line.reason()).isEqualTo("not valid UTF-8 at byte 25 of the line");
        });
        assertThat(published.get(1).getAttributes()).containsEntry("message", "caf\u00e9");
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(file, true))
                .withMessageContaining("line 2");
    }

    @Test
    void otherCharsetsAreRead() throws Exception {
        Path file = Files.write(
                directory.resolve("app.log"),
                "2026-03-01T12:00:00Z caf\u00e9 \u20ac\n".getBytes(Charset.forName("windows-1252")));

        run(file.toString(), InputStream.nullInputStream(), false, Charset.forName("windows-1252"));

        assertThat(published)
                .singleElement()
                .satisfies(event -> assertThat(event.getAttributes()).containsEntry("message", "caf\u00e9 \u20ac"));
    }

    @Test
    void charsetsWithoutPlainLineFeedsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LineDecoder(StandardCharsets.UTF_16))
                .withMessageContaining("UTF-16");
    }

    @Test
    void linesThatAreTooLongAreRejected() throws Exception {
        IngestReport report =
                ingest(write("app.log", GOOD + "2026-03-01T12:00:00Z " + "x".repeat(10_000) + "\n" + GOOD), false);

        assertThat(report.events()).isEqualTo(2);
        assertThat(report.shown()).singleElement().satisfies(line -> {
            assertThat(line.number()).isEqualTo(2);
            assertThat(line.reason()).isEqualTo("longer than 200 bytes (--max-line-bytes)");
            assertThat(line.excerpt()).hasSizeLessThan(100);
        });
    }

    @Test
    void packedMovedAndPipedFilesGiveTheSameIds() throws Exception {
        String text = GOOD.repeat(5);
        ingest(write("app.log", text), false);
        List<String> ids = takeIds();

        ingest(write("moved.log", text), false);
        assertThat(takeIds()).isEqualTo(ids);
        ingest(pack("app.log.gz", text), false);
        assertThat(takeIds()).isEqualTo(ids);
        run("-", new ByteArrayInputStream(text.getBytes(UTF_8)), false, UTF_8);
        assertThat(takeIds()).isEqualTo(ids);
    }

    @Test
    void anEmptyFileIsNoError() throws Exception {
        assertThat(ingest(write("app.log", ""), true)).isEqualTo(new IngestReport(0, 0, List.of()));
    }

    @Test
    void aTruncatedGzipFileKeepsWhatWasWhole() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            text.append("2026-03-01T12:00:00Z ").append(i * 7919L).append('\n');
        }
        Path whole = pack("whole.gz", text.toString());
        byte[] bytes = Files.readAllBytes(whole);
        Path broken = Files.write(directory.resolve("broken.gz"), Arrays.copyOf(bytes, bytes.length / 2));

        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(broken, false))
                .withMessageContaining("broken.gz cannot be read any further");
        assertThat(published).isNotEmpty();
        assertThat(flushed).isEqualTo(1);
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws IOException {
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(directory, false))
                .withMessageContaining(directory + " is a directory");
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(directory.resolve("missing.log"), false))
                .withMessageContaining("missing.log does not exist");
        Path noGzip = write("plain.gz", GOOD);
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(noGzip, false))
                .withMessageContaining("plain.gz is not a gzip file");
        Path empty = write("empty.gz", "");
        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> ingest(empty, false))
                .withMessageContaining("empty.gz is not a gzip file");
    }

    @Test
    void anOutputThatFailsEndsIt() throws IOException {
        Path file = write("app.log", GOOD.repeat(3));
        EventOutput failing = new EventOutput() {
            @Override
            public void publish(Event event) {
                if (!published.isEmpty()) {
                    throw new UserError("the broker is gone");
                }
                published.add(event);
            }

            @Override
            public void flush() {
                flushed++;
            }
        };

        assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> run(file.toString(), InputStream.nullInputStream(), false, UTF_8, failing))
                .withMessage("the broker is gone");
        assertThat(published).hasSize(1);
    }

    private List<String> takeIds() {
        List<String> ids = published.stream().map(Event::getId).toList();
        published.clear();
        return ids;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path pack(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(UTF_8));
        }
        return file;
    }

    private IngestReport ingest(Path file, boolean strict) throws Exception {
        return run(file.toString(), InputStream.nullInputStream(), strict, UTF_8);
    }

    private IngestReport run(String name, InputStream in, boolean strict, Charset charset) throws Exception {
        return run(name, in, strict, charset, new EventOutput() {
            @Override
            public void publish(Event event) {
                published.add(event);
            }

            @Override
            public void flush() {
                flushed++;
            }
        });
    }

    private IngestReport run(String name, InputStream in, boolean strict, Charset charset, EventOutput output)
            throws Exception {
        LineParser parser = new RegexLineParser(
                "(?<timestamp>\\S+Z) (?<message>.*)",
                "log",
                new TimestampParser("iso", ZoneOffset.UTC, null, Instant.EPOCH));
        try (InputFile file = InputFile.open(name, in)) {
            return new Ingest(new LineDecoder(charset), parser, output, strict, 2)
                    .run(file, MAX_LINE_BYTES, new NoProgress());
        }
    }

    private static final class NoProgress implements Progress {
        @Override
        public void advance(long bytesRead, long events) {}

        @Override
        public void close() {}
    }
}
