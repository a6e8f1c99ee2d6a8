package io.forebay.benchmarks.store;

import static org.apache.kafka.streams.StreamsConfig.AT_LEAST_ONCE;
import static org.apache.kafka.streams.StreamsConfig.EXACTLY_ONCE_V2;

import io.forebay.benchmarks.ResultRow;
import io.forebay.benchmarks.cases.Medians;
import io.forebay.benchmarks.store.QueryCase.Kind;
import io.forebay.benchmarks.store.RetentionCase.Way;
import io.forebay.benchmarks.store.StoreOnlyCase.Writer;
import java.util.List;
import java.util.Locale;

/** The table of store benchmarks: which cases stand against which, and what the goals are. */
final class StoreRows {

    private static final String PER_SECOND = "1/s";
    private static final String MILLIS = "ms";
    private static final String FIVE_STORES = "five built-in stores";
    private static final double ORIGINAL_RANGE_MILLIS = 40;
    private static final double CORRELATION_GOAL_MICROS = 100;
    private static final double CHANGELOG_GOAL = 1 / 0.3;
    /** Below it a difference of two start-ups says nothing. */
    private static final double SMALLEST_DIFFERENCE_MILLIS = 1;

    private final Medians medians;
    private final int events;
    private final String manyEvents;

    StoreRows(Medians medians, int events) {
        this.medians = medians;
        this.events = events;
        this.manyEvents = String.format(Locale.ROOT, "%,d events", events);
    }

    List<ResultRow> rows() {
        return List.of(
                ingest("at-least-once", StoreKind.FOREBAY, AT_LEAST_ONCE, 3),
                ingest("exactly-once", StoreKind.FOREBAY, EXACTLY_ONCE_V2, 2.5),
                ingest("at-least-once, through EventIndexer", StoreKind.INDEXER, AT_LEAST_ONCE, ResultRow.NO_GOAL),
                storeOnly("WriteBatches of 1,000 events, no write-ahead log", Writer.ROCKS_WITHOUT_LOG, 1),
                storeOnly("WriteBatches of 1,000 events, write-ahead log", Writer.ROCKS, ResultRow.NO_GOAL),
                rangeAgainstRocks(),
                rangeAgainstOriginal(),
                correlation(),
                restore(),
                changelog(),
                retention(),
                restart());
    }

    private ResultRow ingest(String how, StoreKind kind, String guarantee, double goal) {
        String ours = StoreSuite.ingest(kind, guarantee);
        String peer = StoreSuite.ingest(StoreKind.FIVE_BUILT_IN, guarantee);
        return rate("ingest " + manyEvents + " with 4 indexes, " + how, FIVE_STORES, ours, peer, goal);
    }

    private ResultRow storeOnly(String how, Writer peer, double goal) {
        return rate("the same, store only, no broker", "RocksDB, " + how, Writer.FOREBAY.name(), peer.name(), goal);
    }

    private ResultRow restore() {
        return rate(
                "restore " + manyEvents + " with 4 indexes",
                "built-in store without indexes",
                StoreSuite.restore(StoreKind.FOREBAY),
                StoreSuite.restore(StoreKind.ONE_BUILT_IN),
                0.5);
    }

    /** Events per second, out of seconds for all of them. */
    private ResultRow rate(String workload, String against, String ours, String peer, double goal) {
        double ourRate = events / medians.median(ours);
        double peerRate = events / medians.median(peer);
        return new ResultRow(workload, against, ourRate, peerRate, ourRate / peerRate, goal, PER_SECOND, lost(ours));
    }

    private ResultRow rangeAgainstRocks() {
        return time("RocksDB iterator over the same bytes", millis(Kind.RANGE), millis(Kind.RAW_RANGE), 0.5);
    }

    private ResultRow rangeAgainstOriginal() {
        return time("the original's 40 ms", millis(Kind.RANGE), ORIGINAL_RANGE_MILLIS, 20);
    }

    private ResultRow time(String against, double ours, double peer, double goal) {
        return new ResultRow(
                "time range of 1,000 among " + manyEvents,
                against,
                ours,
                peer,
                peer / ours,
                goal,
                MILLIS,
                lost(Kind.RANGE.name()));
    }

    private ResultRow correlation() {
        double micros = millis(Kind.CORRELATION) * 1_000;
        return new ResultRow(
                "correlation query, 10 hits among " + manyEvents + ", median",
                "goal of 100 µs",
                micros,
                CORRELATION_GOAL_MICROS,
                CORRELATION_GOAL_MICROS / micros,
                1,
                "µs",
                lost(Kind.CORRELATION.name()));
    }

    private ResultRow changelog() {
        double ours = medians.median(StoreSuite.changelogBytes(StoreKind.FOREBAY));
        double peer = medians.median(StoreSuite.changelogBytes(StoreKind.FIVE_BUILT_IN));
        return new ResultRow(
                "bytes in the changelog, " + manyEvents,
                FIVE_STORES,
                ours,
                peer,
                peer / ours,
                CHANGELOG_GOAL,
                "bytes",
                lost(StoreSuite.ingest(StoreKind.FOREBAY, AT_LEAST_ONCE)));
    }

    private ResultRow retention() {
        double ours = millis(Way.BY_CUTOFF);
        double peer = millis(Way.ONE_BY_ONE);
        return new ResultRow(
                "retention: drop half of " + manyEvents,
                "deleting one by one",
                ours,
                peer,
                peer / ours,
                20,
                MILLIS,
                lost(Way.BY_CUTOFF.name()));
    }

    private ResultRow restart() {
        double ours = beyondBareStart(StoreKind.FOREBAY);
        double peer = beyondBareStart(StoreKind.ONE_BUILT_IN);
        return new ResultRow(
                "restart after kill -9, exactly-once, " + manyEvents + ", beyond the bare start",
                "built-in store",
                ours,
                peer,
                peer / ours,
                20,
                MILLIS,
                lost(StoreSuite.restart(StoreKind.FOREBAY)));
    }

    private double beyondBareStart(StoreKind kind) {
        double seconds =
                medians.median(StoreSuite.restart(kind)) - medians.median(StoreSuite.restart(StoreKind.NOTHING));
        return Math.max(SMALLEST_DIFFERENCE_MILLIS, seconds * 1_000);
    }

    private double millis(Enum<?> measured) {
        return medians.median(measured.name()) * 1_000;
    }

    private long lost(String name) {
        return medians.sum(StoreSuite.lost(name));
    }
}
