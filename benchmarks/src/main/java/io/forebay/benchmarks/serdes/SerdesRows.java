package io.forebay.benchmarks.serdes;

import io.forebay.benchmarks.JmhCase;
import io.forebay.benchmarks.JmhRounds.Figures;
import io.forebay.benchmarks.ResultRow;
import io.forebay.benchmarks.serdes.SerdeBenchmark.Who;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The table of serde benchmarks: which cases stand against which peers, and what the goals are. */
final class SerdesRows {
    private static final String ROUND_TRIP = "serialise + deserialise an event, ";
    private static final String NANOS = "ns";
    private static final String PLAIN_AVRO = "plain Avro, no framing";
    private static final double ALLOWED_ARRAYS = 1.5;

    private SerdesRows() {}

    /** Every case once, ours next to its peers. */
    static List<JmhCase> cases() {
        return List.of(
                roundTrip(Who.FOREBAY_REGISTRY),
                roundTrip(Who.APICURIO),
                roundTrip(Who.PLAIN_AVRO),
                roundTrip(Who.FOREBAY_ALONE),
                serialize());
    }

    static List<ResultRow> results(Map<JmhCase, Figures> figures) {
        double registry = nanos(figures, Who.FOREBAY_REGISTRY);
        double alone = nanos(figures, Who.FOREBAY_ALONE);
        double avro = nanos(figures, Who.PLAIN_AVRO);
        return List.of(
                times("registry mode", "Apicurio serde", registry, nanos(figures, Who.APICURIO), 3),
                times("registry mode", PLAIN_AVRO, registry, avro, 0.8),
                times("no registry", PLAIN_AVRO, alone, avro, 0.8),
                allocation(find(figures, serialize()).bytesPerOperation()));
    }

    private static ResultRow times(String mode, String against, double ours, double peer, double goal) {
        return new ResultRow(ROUND_TRIP + mode, against, ours, peer, peer / ours, goal, NANOS, 0);
    }

    private static ResultRow allocation(double bytes) {
        double allowed = ALLOWED_ARRAYS * SerdeBenchmark.serializedBytes(Who.FOREBAY_REGISTRY);
        String against = ALLOWED_ARRAYS + " × the resulting array";
        return new ResultRow("allocation per serialise", against, bytes, allowed, allowed / bytes, 1, "bytes", 0);
    }

    private static JmhCase roundTrip(Who who) {
        return JmhCase.of(SerdeBenchmark.class, "roundTrip", "who", who.name());
    }

    private static JmhCase serialize() {
        return JmhCase.of(SerdeBenchmark.class, "serialize", "who", Who.FOREBAY_REGISTRY.name());
    }

    private static double nanos(Map<JmhCase, Figures> figures, Who who) {
        return find(figures, roundTrip(who)).median();
    }

    private static Figures find(Map<JmhCase, Figures> figures, JmhCase benchmark) {
        return Objects.requireNonNull(figures.get(benchmark), () -> "not measured: " + benchmark);
    }
}
