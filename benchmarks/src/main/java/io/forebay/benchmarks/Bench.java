package io.forebay.benchmarks;

import io.forebay.benchmarks.processor.ProcessorBench;
import io.forebay.benchmarks.serdes.SerdesBench;
import io.forebay.benchmarks.store.StoreBench;
import io.forebay.examples.cli.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code forebay bench}: each module against its peers, in the same run. */
@Command(
        name = "bench",
        description = "Compare a module of Forebay with its peers, in the same run.",
        subcommands = {BufferBench.class, SerdesBench.class, StoreBench.class, ProcessorBench.class})
public final class Bench implements Runnable, Verb {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Which module? There are: "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
