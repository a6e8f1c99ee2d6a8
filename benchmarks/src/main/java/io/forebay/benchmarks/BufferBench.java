package io.forebay.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the buffers and their peers in one go and prints the table. */
@Command(
        name = "buffer",
        mixinStandardHelpOptions = true,
        description = "Measure ring, double and striped buffers against their peers.")
public final class BufferBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "One short round: under five minutes, and noisier.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the rows as a JSON list.")
    private @Nullable Path json;

    @Option(names = "--chart", paramLabel = "FILE.svg", description = "Draw ratios and goals.")
    private @Nullable Path chart;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BufferBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        JmhRounds rounds = quick
                ? new JmhRounds(1, 3, 5, TimeValue.milliseconds(400))
                : new JmhRounds(3, 3, 5, TimeValue.milliseconds(500));
        List<ResultRow> rows = BufferRows.results(rounds.run(BufferRows.cases(), line -> {
            progress.println(line);
            progress.flush();
        }));
        if (json != null) {
            ResultFiles.writeJson(json, rows);
        }
        if (chart != null) {
            ResultFiles.writeChart(chart, "Forebay buffers: times the peer", rows);
        }
        out.print(ResultFiles.table(rows));
        out.flush();
        return 0;
    }
}
