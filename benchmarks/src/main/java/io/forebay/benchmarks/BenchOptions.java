package io.forebay.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that all benchmarks share, and what they ask for: how long to measure, and where the rows go. */
public final class BenchOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--quick", description = "One short round: under five minutes, and noisier.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the rows as a JSON list.")
    private @Nullable Path json;

    @Option(names = "--chart", paramLabel = "FILE.svg", description = "Draw ratios and goals.")
    private @Nullable Path chart;

    /** Whether a short run will do. */
    public boolean quick() {
        return quick;
    }

    /** Tells whoever waits what is going on. */
    public void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    /** Prints the rows as a table, and writes them to the files that were asked for. */
    public void report(String chartTitle, List<ResultRow> rows) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(ResultFiles.table(rows));
        out.flush();
        if (json != null) {
            ResultFiles.writeJson(json, rows);
        }
        if (chart != null) {
            ResultFiles.writeChart(chart, chartTitle, rows);
        }
    }
}
