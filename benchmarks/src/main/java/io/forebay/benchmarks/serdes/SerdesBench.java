package io.forebay.benchmarks.serdes;

import io.forebay.benchmarks.JmhRounds;
import io.forebay.benchmarks.ResultFiles;
import io.forebay.benchmarks.ResultRow;
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

/** Measures the serdes and their peers in one go and prints the table. */
@Command(
        name = "serdes",
        mixinStandardHelpOptions = true,
        description = "Measure the serdes against Apicurio's and against Avro without framing.")
public final class SerdesBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "One short round: under two minutes, and noisier.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the rows as a JSON list.")
    private @Nullable Path json;

    @Option(names = "--chart", paramLabel = "FILE.svg", description = "Draw ratios and goals.")
    private @Nullable Path chart;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SerdesBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        JmhRounds rounds = quick
                ? new JmhRounds(1, 4, 5, TimeValue.milliseconds(1_000))
                : new JmhRounds(5, 5, 5, TimeValue.milliseconds(1_000));
        List<ResultRow> rows = SerdesRows.results(rounds.run(SerdesRows.cases(), line -> {
            progress.println(line);
            progress.flush();
        }));
        if (json != null) {
            ResultFiles.writeJson(json, rows);
        }
        if (chart != null) {
            ResultFiles.writeChart(chart, "Forebay serdes: times the peer", rows);
        }
        out.print(ResultFiles.table(rows));
        out.flush();
        return 0;
    }
}
