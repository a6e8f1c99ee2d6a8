package io.forebay.benchmarks.serdes;

import io.forebay.serdes.event.Event;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.util.ClassSecurityValidator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writes and reads one trace event with every optional field and three attributes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class SerdeBenchmark {
    /** Who runs. */
    public enum Who {
        FOREBAY_REGISTRY,
        FOREBAY_ALONE,
        APICURIO,
        PLAIN_AVRO;

        Contender create() {
            return switch (this) {
                case FOREBAY_REGISTRY -> ForebaySerde.withRegistry();
                case FOREBAY_ALONE -> ForebaySerde.withoutRegistry();
                case APICURIO -> new ApicurioSerde();
                case PLAIN_AVRO -> new PlainAvro();
            };
        }
    }

    @Param
    Who who;

    private final Event event = event();
    private Contender contender;
    private byte[] bytes;

    /** Warms the caches of schemas; JMH warms the rest. */
    @Setup
    public void setUp() {
        var trusted = ClassSecurityValidator.getGlobal(); // peers need what ours do by themselves
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(trusted, type -> type == Event.class));
        contender = who.create();
        bytes = contender.serialize(event);
        if (!contender.deserialize(bytes).equals(event)) {
            throw new IllegalStateException(who + " does not return what it was given");
        }
    }

    /** There and back. */
    @Benchmark
    public Event roundTrip() {
        return contender.deserialize(contender.serialize(event));
    }

    /** There. */
    @Benchmark
    public byte[] serialize() {
        return contender.serialize(event);
    }

    /** Back. */
    @Benchmark
    public Event deserialize() {
        return contender.deserialize(bytes);
    }

    /** How many bytes the event takes with a contender's framing. */
    static int serializedBytes(Who who) {
        return who.create().serialize(event()).length;
    }

    private static Event event() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("customer", "c-20418");
        attributes.put("items", "3");
        attributes.put("region", "eu-central");
        return Event.newBuilder()
                .setId("0193c1f7-5d3e-7c52-9f1a-2f6c9e1b7a44")
                .setTimestamp(Instant.parse("2026-01-01T12:00:00.123456789Z"))
                .setProcess("orders-StreamThread-1")
                .setModule("io.forebay.examples.OrderService")
                .setFunction("accept")
                .setCorrelation("order-7e1f0a")
                .setType("method.exit")
                .setDurationNanos(1_512_345L)
                .setAttributes(attributes)
                .build();
    }
}
