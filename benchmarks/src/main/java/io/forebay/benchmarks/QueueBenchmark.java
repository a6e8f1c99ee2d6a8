package io.forebay.benchmarks;

import io.forebay.buffer.QueueBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
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

/** A million items in calls of a hundred; an invocation ends when the processor has been given all of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class QueueBenchmark {
    private static final int ITEMS = 1_000_000;
    private static final int CALL = 100;

    @Param("1")
    public int writers = 1;

    /** How many items the processor gets at once: 1000 for a processor that works in batches, 0 for the whole side. */
    @Param("0")
    public int batchSize;

    private final LongAdder processed = new LongAdder();
    private List<List<Integer>> calls = List.of();
    private QueueBuffer<Integer> buffer = newBuffer();
    private Crew crew = new Crew();
    private long expected;

    private QueueBuffer<Integer> newBuffer() {
        return QueueBuffer.<Integer>builder(batch -> {
                    long present = 0;
                    for (Integer item : batch) {
                        present += item == null ? 0 : 1;
                    }
                    processed.add(present);
                })
                .batchSize(batchSize == 0 ? Integer.MAX_VALUE : batchSize)
                .maxEntries(4_000_000)
                .flushInterval(java.time.Duration.ofHours(1))
                .drainThreshold(50_000)
                .start();
    }

    @Setup
    public void setUp() {
        buffer.close();
        buffer = newBuffer();
        crew = new Crew();
        calls = IntStream.range(0, ITEMS / CALL)
                .mapToObj(call ->
                        IntStream.range(call * CALL, (call + 1) * CALL).boxed().toList())
                .toList();
    }

    @TearDown
    public void tearDown() {
        buffer.close();
        crew.close();
    }

    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public void pushInCalls(Losses losses) throws Exception {
        List<Callable<Long>> tasks = new ArrayList<>();
        int share = calls.size() / writers;
        for (int w = 0; w < writers; w++) {
            List<List<Integer>> own = calls.subList(w * share, (w + 1) * share);
            tasks.add(() -> {
                own.forEach(buffer::pushAll);
                return 0L;
            });
        }
        crew.runAll(tasks);
        buffer.flush();
        expected += ITEMS;
        losses.lost += expected - processed.sum();
    }
}
