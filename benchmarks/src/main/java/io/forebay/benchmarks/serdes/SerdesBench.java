package io.forebay.benchmarks.serdes;

import io.forebay.benchmarks.BenchOptions;
import io.forebay.benchmarks.JmhRounds;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures the serdes and their peers in one go and prints the table. */
@Command(
        name = "serdes",
        mixinStandardHelpOptions = true,
        description = "Measure the serdes against Apicurio's and against Avro without framing.")
public final class SerdesBench implements Callable<Integer> {
    @Mixin
    private BenchOptions options;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SerdesBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        JmhRounds rounds = options.quick()
                ? new JmhRounds(1, 4, 5, TimeValue.milliseconds(1_000))
                : new JmhRounds(5, 5, 5, TimeValue.milliseconds(1_000));
        options.report(
                "Forebay serdes: times the peer",
                SerdesRows.results(rounds.run(SerdesRows.cases(), options::progress)));
        return 0;
    }
}
