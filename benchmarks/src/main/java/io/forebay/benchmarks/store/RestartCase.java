package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.benchmarks.cases.Tally;
import org.rocksdb.RocksDB;

/**
 * Starts an application that has been there before, and takes the time from its start until it is running with everything
 * restored. Then it goes on with its topic up to an event, where it waits to be killed, or, for the last, closes in order.
 *
 * <p>RocksDB's library is loaded before the clock starts: it takes the same time for every store.
 */
final class RestartCase {

    private RestartCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        IngestApplication.Options options = IngestApplication.Options.of(args);
        RocksDB.loadLibrary();
        Tally tally = new Tally(args.number("until") - 1);
        long startNanos = System.nanoTime();
        try (IngestApplication application = new IngestApplication(options, tally)) {
            long runningNanos = application.awaitRunning();
            figure("running", (runningNanos - startNanos) / 1e9);
            figure("restored", application.restoredRecords());
            figure("restoring", (runningNanos - application.restoreStartNanos()) / 1e9);
            if (args.number("until") > 0) {
                tally.await();
            }
            CaseArguments.reached();
            if (args.get("then").equals("die")) {
                Thread.currentThread().join(); // until it is killed
            }
        }
        verify(options, new SampleEvents(args.number("events")));
    }

    /** Starts the application once more and compares its stores with what was sent. */
    static void verify(IngestApplication.Options options, SampleEvents sent) throws Exception {
        if (options.kind() == StoreKind.NOTHING) {
            return;
        }
        try (IngestApplication application = new IngestApplication(options, new Tally(-1))) {
            application.awaitRunning();
            figure("restored-after-close", application.restoredRecords());
            boolean ours = options.kind() == StoreKind.FOREBAY || options.kind() == StoreKind.INDEXER;
            long lost = ours
                    ? Comparison.lost(application.eventReads(), sent)
                    : Comparison.lost(application.builtIn(), sent);
            figure("lost", lost);
        }
    }
}
