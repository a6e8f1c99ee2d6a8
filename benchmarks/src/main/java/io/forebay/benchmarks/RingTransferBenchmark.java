package io.forebay.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Events from writers to readers; an invocation ends when every reader has every event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class RingTransferBenchmark {
    private static final int EVENTS = 2_000_000;

    @Param({"forebay", "jctools", "agrona", "disruptor"})
    public String contender = "forebay";

    @Param("1")
    public int writers = 1;

    @Param("1")
    public int readers = 1;

    private final Object[] events =
            IntStream.range(0, 1024).mapToObj(i -> new Object()).toArray();
    private Crew crew = new Crew();
    private RingContender ring = RingContenders.create("forebay", 1);

    @Setup
    public void setUp() {
        crew = new Crew();
        ring = RingContenders.create(contender, readers);
    }

    @TearDown
    public void tearDown() {
        ring.close();
        crew.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void transfer(Losses losses) throws Exception {
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            int reader = i;
            tasks.add(() -> ring.read(reader, EVENTS));
        }
        for (int i = 0; i < writers; i++) {
            tasks.add(() -> {
                ring.write(events, EVENTS / writers);
                return 0L;
            });
        }
        losses.lost += crew.runAll(tasks);
    }
}
