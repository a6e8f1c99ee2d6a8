package io.forebay.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes result rows as JSON, as a picture and as a Markdown table. */
public final class ResultFiles {
    private ResultFiles() {}

    /** Writes a JSON list with one object per row. */
    public static void writeJson(Path file, List<ResultRow> rows) throws IOException {
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .addMixIn(ResultRow.class, WithoutDerived.class)
                .writeValue(file.toFile(), rows);
    }

    private interface WithoutDerived {
        @com.fasterxml.jackson.annotation.JsonIgnore
        boolean reached();
    }

    /** Draws ratio and goal of every row on a logarithmic axis, as SVG. */
    public static void writeChart(Path file, String title, List<ResultRow> rows) throws IOException {
        ResultChart.write(file, title, rows);
    }

    /** The rows as a Markdown table. */
    public static String table(List<ResultRow> rows) {
        StringBuilder table = new StringBuilder("| workload | against | ours | peer | unit | ratio | goal | lost |\n"
                + "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: |\n");
        for (ResultRow row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s%.2f | %s | %d |%n",
                    row.workload(),
                    row.against(),
                    figure(row.ours()),
                    figure(row.peer()),
                    row.unit(),
                    row.reached() ? "" : "**missed** ",
                    row.ratio(),
                    row.goal() == ResultRow.NO_GOAL ? "–" : String.format(Locale.ROOT, "%.2f", row.goal()),
                    row.lost()));
        }
        return table.toString();
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.2f", value);
    }
}
