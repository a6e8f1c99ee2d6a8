package io.forebay.benchmarks;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures the buffers and their peers in one go and prints the table. */
@Command(
        name = "buffer",
        mixinStandardHelpOptions = true,
        description = "Measure ring, double and striped buffers against their peers.")
public final class BufferBench implements Callable<Integer> {
    @Mixin
    private BenchOptions options;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BufferBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        JmhRounds rounds = options.quick()
                ? new JmhRounds(1, 3, 5, TimeValue.milliseconds(400))
                : new JmhRounds(3, 3, 5, TimeValue.milliseconds(500));
        options.report(
                "Forebay buffers: times the peer",
                BufferRows.results(rounds.run(BufferRows.cases(), options::progress)));
        return 0;
    }
}
