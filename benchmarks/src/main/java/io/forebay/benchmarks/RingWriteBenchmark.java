package io.forebay.benchmarks;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.buffer.RingBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writing to a ring that drops its oldest events, with nobody reading. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class RingWriteBenchmark {
    private final RingBuffer<Object> ring = RingBuffer.builder()
            .capacity(65_536)
            .overflow(OverflowStrategy.DROP_OLDEST)
            .build();
    private final Object event = new Object();

    @Benchmark
    public boolean write() {
        return ring.write(event);
    }

    /** Single writes, each between two looks at the clock; {@link #clockSamples} is what the clock itself takes. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public boolean writeSamples() {
        return ring.write(event);
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void clockSamples() {}
}
