package io.forebay.benchmarks.store;

import io.forebay.benchmarks.BenchOptions;
import io.forebay.benchmarks.cases.Medians;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the event store and its peers in one go and prints the table. */
@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        description = "Measure the event store against Kafka Streams' own stores and against RocksDB alone.")
public final class StoreBench implements Callable<Integer> {

    private static final StoreSuite.Size FULL = new StoreSuite.Size(1_000_000, 2, 3);
    private static final StoreSuite.Size QUICK = new StoreSuite.Size(200_000, 1, 1);

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
        StoreSuite.Size size = (options.quick() ? QUICK : FULL).rounds(rounds);
        Path directory = parent == null
                ? Files.createTempDirectory("forebay-bench-")
                : Files.createTempDirectory(Files.createDirectories(parent), "forebay-bench-");
        Medians medians = new StoreSuite(size, directory, options::progress).run();
        options.report("Forebay event store: times the peer", new StoreRows(medians, size.events()).rows());
        StoreSuite.delete(directory); // not after a failure: its logs are there
        return 0;
    }
}
