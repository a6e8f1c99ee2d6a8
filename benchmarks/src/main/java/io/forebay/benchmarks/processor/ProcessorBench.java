package io.forebay.benchmarks.processor;

import io.forebay.benchmarks.BenchOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the steps for topologies, and the publisher, and their peers in one go and prints the table. */
@Command(
        name = "processor",
        mixinStandardHelpOptions = true,
        description =
                "Measure PutNewer, BatchWriter and EventPublisher against Kafka Streams' own means and the producer.")
public final class ProcessorBench implements Callable<Integer> {

    private static final ProcessorSuite.Size FULL = new ProcessorSuite.Size(2_000_000, 100_000, 10, 2);
    private static final ProcessorSuite.Size QUICK = new ProcessorSuite.Size(500_000, 25_000, 5, 1);

    @Mixin
    private BenchOptions options;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to put a new directory for data, 3 GB (default: where temporary files go).")
    private @Nullable Path parent;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often to run every case; figures are medians (default: 2, quick: 1).")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        ProcessorSuite.Size size = (options.quick() ? QUICK : FULL).rounds(rounds);
        Path directory = parent == null
                ? Files.createTempDirectory("forebay-bench-")
                : Files.createTempDirectory(Files.createDirectories(parent), "forebay-bench-");
        ProcessorRows rows = new ProcessorRows(new ProcessorSuite(size, directory, options::progress).run(), size);
        options.report("Forebay processors: times the peer", rows.rows());
        Utils.delete(directory.toFile()); // not after a failure: its logs are there
        return 0;
    }
}
