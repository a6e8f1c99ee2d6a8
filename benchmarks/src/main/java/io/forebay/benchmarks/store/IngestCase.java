package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.benchmarks.cases.Tally;

/**
 * All events of a topic through an application. The clock runs from the first event to the end of a clean close: then everything is committed and in the stores' files.
 * Before that another application of the same kind takes a warm-up topic, so that the compiler is no part of it.
 */
final class IngestCase {

    private IngestCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        SampleEvents events = new SampleEvents(args.number("events"));
        IngestApplication.Options options = IngestApplication.Options.of(args);
        int warmUp = args.number("warm-up");
        if (warmUp > 0) {
            ingest(options.with("warm-" + options.id(), args.get("warm-up-topic")), warmUp);
            System.gc();
        }
        figure("seconds", ingest(options, events.count()));
        RestartCase.verify(options, events);
    }

    private static double ingest(IngestApplication.Options options, int count) throws InterruptedException {
        Tally tally = new Tally(count - 1);
        try (IngestApplication application = new IngestApplication(options, tally)) {
            tally.await();
        }
        return CaseArguments.secondsSince(tally.startNanos());
    }
}
