package io.forebay.benchmarks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of buffer benchmarks: which cases stand against which peers or published figures, and what the goals are. */
final class BufferRows {
    private static final String PER_SECOND = "1/s";

    /** How a line of the table comes about. */
    private record Row(
            String workload,
            String against,
            JmhCase ours,
            List<JmhCase> peers,
            double figure,
            double goal,
            Kind kind) {}

    private enum Kind {
        BEST_PEER,
        PUBLISHED_RATE,
        /** Samples of ours, less the median that the clock itself takes. */
        MEDIAN_NANOS,
        HIGH_PERCENTILE_NANOS,
        NO_ALLOCATION
    }

    private static final List<Row> ROWS = List.of(
            ring("ring, 1 writer to 1 gating reader, 65,536 slots", 1, 1, 1, "jctools", "disruptor", "agrona"),
            ring("ring, 2 writers to 1 reader", 2, 1, 1, "jctools", "disruptor", "agrona"),
            ring("ring, 1 writer to 2 readers that both see everything", 1, 2, 1, "disruptor"),
            published("ring write, drop-oldest, no reader, 1 writer", "ElixirScope", write(1), 2_200_000, 20),
            published(
                    "ring write, drop-oldest, no reader, 2 writers", "ElixirScope, its best", write(2), 3_200_000, 20),
            sampled("ring write, drop-oldest, median", "goal of 20 ns", 20, Kind.MEDIAN_NANOS),
            sampled("ring write, drop-oldest, 99.9th percentile", "goal of 1 µs", 1000, Kind.HIGH_PERCENTILE_NANOS),
            new Row("ring write, bytes allocated", "goal of 0 bytes", write(1), List.of(), 0, 1, Kind.NO_ALLOCATION),
            peer("put-newer, 1 writer, hand-driven", "HashMap", put("forebay-hand", 1), put("hashmap", 1), 0.7),
            peer("put-newer, 2 writers", "ConcurrentHashMap.compute", put("forebay", 2), put("chm", 2), 1),
            published("put-newer, 1 writer, calls of 100", "PartitionedBuffer", putCalls(1), 522_000, 25),
            published("put-newer, 2 writers, calls of 100", "PartitionedBuffer", putCalls(2), 914_000, 20),
            published("put-newer, 1 writer, calls of 100", "Tidefall", putCalls(1), 394_000, 25),
            published("put-newer, 2 writers, calls of 100", "Tidefall", putCalls(2), 688_000, 20),
            published("queue push, 1 writer, calls of 100", "PartitionedBuffer", queue(1, 0), 914_000, 20),
            published("queue push, 2 writers, calls of 100", "PartitionedBuffer", queue(2, 0), 1_560_000, 15),
            published("queue push, 1 writer, calls of 100", "Tidefall", queue(1, 0), 608_000, 20),
            published("queue push, 2 writers, calls of 100", "Tidefall", queue(2, 0), 983_000, 15),
            published("queue end to end, batches of 1,000, 1 writer", "Tidefall", queue(1, 1000), 502_000, 15),
            peer(
                    "striped enqueue, 2 threads, until in a ConcurrentHashMap",
                    "LinkedBlockingQueue + drain thread",
                    striped("forebay"),
                    striped("take"),
                    3),
            peer(
                    "striped enqueue, 2 threads, until in a ConcurrentHashMap",
                    "LinkedBlockingQueue + drain thread with drainTo",
                    striped("forebay"),
                    striped("drainTo"),
                    3),
            published(
                    "striped enqueue, 2 threads, until in a ConcurrentHashMap",
                    "SuperCache",
                    striped("forebay"),
                    930_000,
                    10));

    private BufferRows() {}

    private static Row ring(String workload, int writers, int readers, double goal, String... peers) {
        String against = peers.length == 1 ? peers[0] : "best of " + String.join(", ", peers);
        return new Row(
                workload,
                against,
                transfer("forebay", writers, readers),
                List.of(peers).stream()
                        .map(peer -> transfer(peer, writers, readers))
                        .toList(),
                0,
                goal,
                Kind.BEST_PEER);
    }

    private static Row sampled(String workload, String against, double nanos, Kind kind) {
        return new Row(
                workload,
                against,
                JmhCase.of(RingWriteBenchmark.class, "writeSamples"),
                List.of(JmhCase.of(RingWriteBenchmark.class, "clockSamples")),
                nanos,
                1,
                kind);
    }

    private static Row peer(String workload, String against, JmhCase ours, JmhCase peer, double goal) {
        return new Row(workload, against, ours, List.of(peer), 0, goal, Kind.BEST_PEER);
    }

    private static Row published(String workload, String against, JmhCase ours, double figure, double goal) {
        return new Row(workload, against, ours, List.of(), figure, goal, Kind.PUBLISHED_RATE);
    }

    private static JmhCase transfer(String contender, int writers, int readers) {
        return JmhCase.of(
                RingTransferBenchmark.class,
                "transfer",
                "contender",
                contender,
                "writers",
                Integer.toString(writers),
                "readers",
                Integer.toString(readers));
    }

    private static JmhCase write(int threads) {
        return JmhCase.of(RingWriteBenchmark.class, "write").withThreads(threads);
    }

    private static JmhCase put(String contender, int writers) {
        return JmhCase.of(
                PutNewerBenchmark.class, "oneByOne", "contender", contender, "writers", Integer.toString(writers));
    }

    private static JmhCase putCalls(int writers) {
        return JmhCase.of(
                PutNewerBenchmark.class, "inCalls", "contender", "forebay", "writers", Integer.toString(writers));
    }

    private static JmhCase queue(int writers, int batchSize) {
        return JmhCase.of(
                QueueBenchmark.class,
                "pushInCalls",
                "writers",
                Integer.toString(writers),
                "batchSize",
                Integer.toString(batchSize));
    }

    private static JmhCase striped(String contender) {
        return JmhCase.of(StripedBenchmark.class, "enqueue", "contender", contender);
    }

    /** Every case once, ours next to its peers. */
    static Set<JmhCase> cases() {
        Set<JmhCase> cases = new LinkedHashSet<>();
        for (Row row : ROWS) {
            cases.add(row.ours());
            cases.addAll(row.peers());
        }
        return cases;
    }

    static List<ResultRow> results(Map<JmhCase, JmhRounds.Figures> figures) {
        return ROWS.stream().map(row -> result(row, figures)).toList();
    }

    private static ResultRow result(Row row, Map<JmhCase, JmhRounds.Figures> figures) {
        JmhRounds.Figures ours = figures.get(row.ours());
        if (ours == null) {
            throw new IllegalStateException("not measured: " + row.ours());
        }
        double median = ours.median();
        return switch (row.kind()) {
            case BEST_PEER -> {
                double best = bestOfPeers(row, figures);
                yield line(row, median, best, median / best, PER_SECOND, ours.lost());
            }
            case PUBLISHED_RATE -> line(row, median, row.figure(), median / row.figure(), PER_SECOND, ours.lost());
            case MEDIAN_NANOS -> nanos(row, median - bestOfPeers(row, figures));
            case HIGH_PERCENTILE_NANOS -> nanos(row, ours.highPercentile() - bestOfPeers(row, figures));
            case NO_ALLOCATION -> {
                double bytes = ours.bytesPerOperation() < 0.01 ? 0 : ours.bytesPerOperation();
                yield line(row, bytes, 0, bytes == 0 ? 1 : 0, "bytes", ours.lost());
            }
        };
    }

    private static double bestOfPeers(Row row, Map<JmhCase, JmhRounds.Figures> figures) {
        return row.peers().stream()
                .map(figures::get)
                .mapToDouble(JmhRounds.Figures::median)
                .max()
                .orElseThrow();
    }

    /** What is less than the clock can tell counts as a nanosecond. */
    private static ResultRow nanos(Row row, double nanos) {
        double ours = Math.max(1, nanos);
        return line(row, ours, row.figure(), row.figure() / ours, "ns", 0);
    }

    private static ResultRow line(Row row, double ours, double peer, double ratio, String unit, long lost) {
        return new ResultRow(row.workload(), row.against(), ours, peer, ratio, row.goal(), unit, lost);
    }
}
