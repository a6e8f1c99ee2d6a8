package io.forebay.benchmarks.serdes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.forebay.benchmarks.serdes.SerdeBenchmark.Who;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs {@link SerdeBenchmark} for all contenders and draws up the comparison. */
@Command(
        name = "serdes",
        mixinStandardHelpOptions = true,
        description = "Compares the serdes with Apicurio's and with Avro without framing.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SerdesBench implements Callable<Integer> {
    private static final double ALLOCATION_GOAL = 1.5;

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "One fork and short iterations: under two minutes instead of eight.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the table as JSON.")
    private @Nullable Path json;

    /** Runs it without the {@code forebay} command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SerdesBench()).execute(args));
    }

    @Override
    public Integer call() throws RunnerException, IOException {
        List<Comparison> rows = compare(new Runner(options().build()).run());
        PrintWriter out = spec.commandLine().getOut();
        rows.forEach(out::println);
        out.flush();
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), rows);
        }
        return 0;
    }

    private ChainedOptionsBuilder options() {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(SerdeBenchmark.class.getName() + "\\.(roundTrip|serialize)$")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        return quick
                ? options.forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                : options;
    }

    private static List<Comparison> compare(Collection<RunResult> results) {
        double registry = nanos(results, Who.FOREBAY_REGISTRY);
        double alone = nanos(results, Who.FOREBAY_ALONE);
        double apicurio = nanos(results, Who.APICURIO);
        double avro = nanos(results, Who.PLAIN_AVRO);
        double allowedBytes = ALLOCATION_GOAL * SerdeBenchmark.serializedBytes(Who.FOREBAY_REGISTRY);
        double allocatedBytes = allocatedBytes(results, Who.FOREBAY_REGISTRY);
        String there = "serialise + deserialise an event, ";
        return List.of(
                Comparison.ofTimes(there + "registry mode", "Apicurio serde", registry, apicurio, 3),
                Comparison.ofTimes(there + "registry mode", "plain Avro, no framing", registry, avro, 0.8),
                Comparison.ofTimes(there + "no registry", "plain Avro, no framing", alone, avro, 0.8),
                new Comparison(
                        "allocation per serialise",
                        "1.5 × the resulting array",
                        allocatedBytes,
                        allowedBytes,
                        allowedBytes / allocatedBytes,
                        1.0,
                        "B/op",
                        0));
    }

    private static double nanos(Collection<RunResult> results, Who who) {
        return find(results, "roundTrip", who).getPrimaryResult().getScore();
    }

    private static double allocatedBytes(Collection<RunResult> results, Who who) {
        var secondary = find(results, "serialize", who).getSecondaryResults();
        return secondary.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getScore();
    }

    private static RunResult find(Collection<RunResult> results, String method, Who who) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + method))
                .filter(result -> result.getParams().getParam("who").equals(who.name()))
                .findFirst()
                .orElseThrow();
    }
}
