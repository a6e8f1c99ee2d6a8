package io.forebay.examples.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {

    private static final int MAX = 100;

    @Test
    void splitsAtLineFeedsWithOrWithoutReturns() throws IOException {
        List<Line> lines = lines("one\r\ntwo\n\nfour\r\r\nlast");

        assertThat(texts(lines)).containsExactly("one", "two", "", "four\r", "last");
        assertThat(lines).extracting(Line::number).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(lines).extracting(Line::offset).containsExactly(0L, 5L, 9L, 10L, 17L);
    }

    @Test
    void aFinalLineFeedEndsTheLastLineAndStartsNone() throws IOException {
        assertThat(texts(lines("a\nb\n"))).containsExactly("a", "b");
        assertThat(texts(lines("\n"))).containsExactly("");
        assertThat(lines("")).isEmpty();
        assertThat(texts(lines("a\r"))).containsExactly("a\r");
    }

    @Test
    void leavesOutTheByteOrderMark() throws IOException {
        List<Line> lines = lines("\uFEFFone\ntwo");

        assertThat(texts(lines)).containsExactly("one", "two");
        assertThat(lines.get(0).offset()).isEqualTo(3);
        assertThat(ids(lines)).isEqualTo(ids(lines("one\ntwo")));
    }

    @Test
    void keepsTheBeginningOfALongLineAndGoesOnBehindIt() throws IOException {
        List<Line> lines = lines("x".repeat(1_000_000) + "\nshort\n" + "y".repeat(MAX) + "\n" + "z".repeat(MAX + 1));

        assertThat(lines).extracting(Line::tooLong).containsExactly(true, false, false, true);
        assertThat(lines).extracting(line -> line.bytes().length).containsExactly(MAX, 5, MAX, MAX);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void doesNotDependOnHowTheBytesArrive(int chunk) throws IOException {
        String text = "one\r\ntwo\r\n\r\nthree\rthree\nend\r\n";

        assertThat(texts(lines(trickle(text, chunk)))).containsExactlyElementsOf(texts(lines(text)));
        assertThat(ids(lines(trickle(text, chunk)))).isEqualTo(ids(lines(text)));
    }

    @Test
    void agreesWithAPlainSplitOnRandomText() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                text.append("ab\r\n".charAt(random.nextInt(4)));
            }
            List<String> expected =
                    new ArrayList<>(Arrays.asList(text.toString().split("\n", -1)));
            String last = expected.remove(expected.size() - 1);
            expected.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            if (!last.isEmpty()) {
                expected.add(last);
            }

            assertThat(texts(read(new LineReader(stream(text.toString()), 1000))))
                    .as("seed=" + seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void idsAreTheSameForTheSameContent() throws IOException {
        assertThat(ids(lines("a\nb\nc\n"))).isEqualTo(ids(lines("a\r\nb\r\nc"))).doesNotHaveDuplicates();
        assertThat(ids(lines("a\nb\n"))).allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void aFileThatHasGrownKeepsItsIds() throws IOException {
        assertThat(ids(lines("a\nb\nc\nd\n"))).startsWith(ids(lines("a\nb\n")).toArray(String[]::new));
    }

    @Test
    void equalLinesAreDifferentEvents() throws IOException {
        List<String> ids = ids(lines("same\n".repeat(10_000)));

        assertThat(new HashSet<>(ids)).hasSize(10_000);
        assertThat(ids(lines("other\nsame\n")).get(1)).isNotIn(ids);
    }

    @Test
    void linesThatAreTooLongDifferInWhatIsNotKept() throws IOException {
        String prefix = "x".repeat(2 * MAX);

        assertThat(ids(lines(prefix + "1"))).isNotEqualTo(ids(lines(prefix + "2")));
    }

    private static List<Line> lines(String text) throws IOException {
        return lines(stream(text));
    }

    private static List<Line> lines(InputStream in) throws IOException {
        return read(new LineReader(in, MAX));
    }

    private static List<Line> read(LineReader reader) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Line line = reader.read(); line != null; line = reader.read()) {
            lines.add(line);
        }
        return lines;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static InputStream trickle(String text, int chunk) {
        return new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                return super.read(bytes, from, Math.min(chunk, length));
            }
        };
    }

    private static List<String> texts(List<Line> lines) {
        return lines.stream().map(line -> new String(line.bytes(), UTF_8)).toList();
    }

    private static List<String> ids(List<Line> lines) {
        return lines.stream().map(Line::id).toList();
    }
}
