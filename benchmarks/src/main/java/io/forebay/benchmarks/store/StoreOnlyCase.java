package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import java.nio.file.Path;

/**
 * All events into a store without a broker, until everything is persisted and the store is closed. A small store is filled
 * before, so that the compiler is no part of it.
 */
final class StoreOnlyCase {

    /** Who writes. */
    enum Writer {
        FOREBAY,
        ROCKS,
        ROCKS_WITHOUT_LOG
    }

    private StoreOnlyCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        Writer writer = args.choice("writer", Writer.class);
        run(
                writer,
                new SampleEvents(args.number("warm-up")),
                args.path("directory").resolve("warm-up"));
        System.gc();
        Result result = run(
                writer,
                new SampleEvents(args.number("events")),
                args.path("directory").resolve("measured"));
        figure("seconds", result.seconds());
        figure("lost", result.lost());
    }

    private record Result(double seconds, long lost) {}

    private static Result run(Writer writer, SampleEvents events, Path directory) throws Exception {
        return writer == Writer.FOREBAY
                ? runForebay(events, directory)
                : runRocks(events, directory, writer == Writer.ROCKS);
    }

    private static Result runForebay(SampleEvents events, Path directory) {
        LocalStore local = new LocalStore(directory, "store-only");
        long startNanos = System.nanoTime();
        local.fill(events);
        double seconds = CaseArguments.secondsSince(startNanos);
        long lost = Comparison.lost(EventReads.of(local.store()), events);
        startNanos = System.nanoTime();
        local.close();
        return new Result(seconds + CaseArguments.secondsSince(startNanos), lost);
    }

    private static Result runRocks(SampleEvents events, Path directory, boolean writeAheadLog) throws Exception {
        long startNanos = System.nanoTime();
        try (RawRocks rocks = RawRocks.create(directory)) {
            rocks.fill(events, writeAheadLog);
        }
        double seconds = CaseArguments.secondsSince(startNanos);
        try (RawRocks rocks = RawRocks.openReadOnly(directory)) {
            return new Result(seconds, events.count() - rocks.count());
        }
    }
}
