package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.rocksdb.RocksDBException;

/** The median time of a query on a store with all events, everything in RocksDB, from a thread that is not the StreamThread. */
final class QueryCase {

    /** What is asked, of whom. */
    enum Kind {
        RANGE,
        RAW_RANGE,
        CORRELATION
    }

    private static final int RANGE = 1_000;
    private static final int RANGE_QUERIES = 2_000;
    private static final int CORRELATION_QUERIES = 20_000;
    private static final long SEED = 1;

    private final SampleEvents events;
    private final Random random = new Random(SEED); // the same queries of everybody
    private long lost;

    private QueryCase(SampleEvents events) {
        this.events = events;
    }

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        SampleEvents events = new SampleEvents(args.number("events"));
        try (LocalStore local = new LocalStore(args.path("directory"), "queries")) {
            local.fill(events);
            new QueryCase(events).run(args.choice("kind", Kind.class), local);
        }
    }

    private void run(Kind kind, LocalStore local) throws Exception {
        EventStore<SampleEvent> store = local.store();
        switch (kind) {
            case RANGE -> measure(RANGE_QUERIES, () -> range(store));
            case CORRELATION -> measure(CORRELATION_QUERIES, () -> correlation(store));
            case RAW_RANGE -> {
                try (RawRocks rocks = RawRocks.openReadOnly(local.directory())) {
                    measure(RANGE_QUERIES, () -> rawRange(rocks));
                }
            }
        }
        figure("lost", lost);
    }

    private interface Query {
        /** Returns how many results there were too few. */
        int run() throws RocksDBException;
    }

    /** Every query counts but the first fifth. */
    private void measure(int count, Query query) throws RocksDBException {
        long[] nanos = new long[count];
        for (int i = -count / 5; i < count; i++) {
            long startNanos = System.nanoTime();
            lost += query.run();
            long elapsedNanos = System.nanoTime() - startNanos;
            if (i >= 0) {
                nanos[i] = elapsedNanos;
            }
        }
        Arrays.sort(nanos);
        figure("seconds", nanos[count / 2] / 1e9);
        figure("p99-seconds", nanos[count * 99 / 100] / 1e9);
    }

    private int range(EventStore<SampleEvent> store) {
        int first = firstOfRange();
        EventQuery<SampleEvent> query = EventQuery.<SampleEvent>all()
                .from(SampleEvents.time(first))
                .to(SampleEvents.time(first + 2 * RANGE))
                .limit(RANGE);
        return RANGE - store.query(query).events().size();
    }

    private int correlation(EventStore<SampleEvent> store) {
        int correlation = random.nextInt(events.correlations());
        EventQuery<SampleEvent> query =
                EventQuery.<SampleEvent>all().equal(SampleEvents.CORRELATION, SampleEvents.correlation(correlation));
        return SampleEvents.CORRELATED - store.query(query).events().size();
    }

    private int rawRange(RawRocks rocks) throws RocksDBException {
        long fromNanos = SampleEvents.nanos(SampleEvents.time(firstOfRange()));
        byte[] position = ByteBuffer.allocate(Long.BYTES)
                .putLong(fromNanos ^ Long.MIN_VALUE) // as the store writes it
                .array();
        return RANGE - rocks.read(position, RANGE);
    }

    private int firstOfRange() {
        return random.nextInt(events.count() - 3 * RANGE);
    }
}
