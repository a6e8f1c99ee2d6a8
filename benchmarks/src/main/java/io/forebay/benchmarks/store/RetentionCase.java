package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import java.time.Instant;

/** Drops the older half of all events, and takes the time until that is persisted. */
final class RetentionCase {

    /** In which way. */
    enum Way {
        BY_CUTOFF,
        ONE_BY_ONE
    }

    private RetentionCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        SampleEvents events = new SampleEvents(args.number("events"));
        Instant cutoff = SampleEvents.time(events.count() / 2);
        long kept = events.count() - events.countBefore(cutoff);
        try (LocalStore local = new LocalStore(args.path("directory"), "retention")) {
            local.fill(events);
            long startNanos = System.nanoTime();
            if (args.choice("way", Way.class) == Way.BY_CUTOFF) {
                local.transaction(store -> store.deleteBefore(cutoff));
            } else {
                deleteOneByOne(local, events, cutoff);
            }
            local.settle();
            figure("seconds", CaseArguments.secondsSince(startNanos));
            figure("lost", Math.abs(kept - local.store().stats().total()));
        }
    }

    private static void deleteOneByOne(LocalStore local, SampleEvents events, Instant cutoff) {
        long cutoffNanos = SampleEvents.nanos(cutoff);
        for (int from = 0; from <= events.count() / 2; from += LocalStore.TRANSACTION) {
            int first = from;
            int end = Math.min(events.count() / 2 + 1, from + LocalStore.TRANSACTION);
            local.transaction(store -> {
                for (int number = first; number < end; number++) {
                    SampleEvent event = events.get(number);
                    if (event.timestampNanos() < cutoffNanos) {
                        store.delete(event.id());
                    }
                }
            });
        }
    }
}
