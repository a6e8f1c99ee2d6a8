package io.forebay.benchmarks.processor;

import static io.forebay.benchmarks.processor.ProcessorSuite.lost;
import static io.forebay.benchmarks.processor.ProcessorSuite.name;
import static org.apache.kafka.streams.StreamsConfig.AT_LEAST_ONCE;
import static org.apache.kafka.streams.StreamsConfig.EXACTLY_ONCE_V2;

import io.forebay.benchmarks.ResultRow;
import io.forebay.benchmarks.cases.Medians;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of processor benchmarks: which cases stand against which, and what the goals are. */
final class ProcessorRows {

    private static final double LONGEST_WAIT_SECONDS = 1.1; // the interval and a tenth

    private final Medians medians;
    private final ProcessorSuite.Size size;

    ProcessorRows(Medians medians, ProcessorSuite.Size size) {
        this.medians = medians;
        this.size = size;
    }

    List<ResultRow> rows() {
        List<ResultRow> rows = new ArrayList<>(List.of(
                updates(AT_LEAST_ONCE, UpdateStep.BUILT_IN, 3),
                updates(AT_LEAST_ONCE, UpdateStep.CACHED, 4),
                updates(AT_LEAST_ONCE, UpdateStep.NOTHING, 0.6),
                updates(AT_LEAST_ONCE, UpdateStep.VERSIONED, 4),
                updates(AT_LEAST_ONCE, UpdateStep.BUILT_IN_NEWER, ResultRow.NO_GOAL),
                updates(EXACTLY_ONCE_V2, UpdateStep.BUILT_IN, 1.7),
                updates(EXACTLY_ONCE_V2, UpdateStep.CACHED, 2.5),
                updates(EXACTLY_ONCE_V2, UpdateStep.NOTHING, ResultRow.NO_GOAL),
                updates(EXACTLY_ONCE_V2, UpdateStep.VERSIONED, 4),
                updates(EXACTLY_ONCE_V2, UpdateStep.BUILT_IN_NEWER, ResultRow.NO_GOAL)));
        rows.add(emitted());
        rows.add(longestWait());
        rows.add(batches());
        rows.add(publishing());
        return rows;
    }

    private ResultRow updates(String guarantee, UpdateStep peer, double goal) {
        String workload = String.format(
                Locale.ROOT,
                "PutNewer, %,d updates of %,d keys, %s",
                size.updates(),
                size.keys(),
                guarantee.equals(AT_LEAST_ONCE) ? "at-least-once" : "exactly-once");
        String ours = name(UpdateStep.PUT_NEWER, guarantee);
        double ourRate = size.updates() / medians.median(ours);
        double peerRate = size.updates() / medians.median(name(peer, guarantee));
        return new ResultRow(
                workload, nameOf(peer), ourRate, peerRate, ourRate / peerRate, goal, "1/s", medians.sum(lost(ours)));
    }

    private static String nameOf(UpdateStep peer) {
        return switch (peer) {
            case PUT_NEWER -> "PutNewer";
            case BUILT_IN -> "built-in persistent store, put only";
            case CACHED -> "built-in persistent store with cache, put only";
            case BUILT_IN_NEWER -> "built-in persistent store, get, compare and put";
            case VERSIONED -> "versioned store (KIP-889)";
            case NOTHING -> "a topology that does nothing";
        };
    }

    private ResultRow emitted() {
        double ours = medians.median(EmissionCase.Way.PUT_NEWER.name());
        double peer = medians.median(EmissionCase.Way.SUPPRESS.name());
        return new ResultRow(
                "records sent downstream in " + size.seconds() + " s, flush every second",
                "suppress(untilTimeLimit)",
                ours,
                peer,
                peer / ours,
                1,
                "records",
                0);
    }

    private ResultRow longestWait() {
        double ours = medians.median(ProcessorSuite.longest(EmissionCase.Way.PUT_NEWER));
        return new ResultRow(
                "longest wait of an update for being sent downstream",
                "goal of the interval and a tenth",
                ours,
                LONGEST_WAIT_SECONDS,
                LONGEST_WAIT_SECONDS / ours,
                1,
                "s",
                0);
    }

    private ResultRow batches() {
        double ours = medians.median(BatchCase.Way.BATCH_WRITER.name());
        double peer = medians.median(BatchCase.Way.ONE_BY_ONE.name());
        return new ResultRow(
                "BatchWriter, 5 ms per call",
                "one call per record in process",
                ours,
                peer,
                ours / peer,
                50,
                "1/s",
                medians.sum(lost(BatchCase.Way.BATCH_WRITER.name())));
    }

    private ResultRow publishing() {
        double ours = medians.median(PublishCase.Way.LAZY_PUT.name());
        double peer = medians.median(PublishCase.Way.SEND.name());
        return new ResultRow(
                "lazyPut, 2 threads, time in the caller",
                "KafkaProducer.send",
                ours,
                peer,
                peer / ours,
                10,
                "ns",
                medians.sum(lost(PublishCase.Way.LAZY_PUT.name())));
    }
}
