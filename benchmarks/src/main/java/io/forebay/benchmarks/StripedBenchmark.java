package io.forebay.benchmarks;

import io.forebay.buffer.StripedBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Two threads enqueue writes of 100,000 keys; an invocation ends when all of them are in a {@link ConcurrentHashMap}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class StripedBenchmark {
    private static final int WRITES = 1_000_000;
    private static final int KEYS = 100_000;
    private static final int PRODUCERS = 2;

    @Param({"forebay", "take", "drainTo"})
    public String contender = "forebay";

    private record Write(Integer key, String value) {}

    private interface Target {
        void enqueue(Write write) throws InterruptedException;

        void close();
    }

    private final ConcurrentHashMap<Integer, String> cache = new ConcurrentHashMap<>(KEYS * 2);
    private final AtomicLong delivered = new AtomicLong();
    private final Write[] writes = new Write[KEYS];
    private Target target = new Queue(false);
    private Crew crew = new Crew();
    private long expected;

    @Setup
    public void setUp() {
        target.close();
        crew = new Crew();
        for (int i = 0; i < KEYS; i++) {
            writes[i] = new Write(i, "value-" + i);
        }
        target = contender.equals("forebay") ? new Striped() : new Queue(contender.equals("drainTo"));
    }

    @TearDown
    public void tearDown() {
        target.close();
        crew.close();
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void enqueue(Losses losses) throws Exception {
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int offset = p * (KEYS / PRODUCERS);
            tasks.add(() -> {
                for (int i = 0; i < WRITES / PRODUCERS; i++) {
                    target.enqueue(writes[(offset + i) % KEYS]);
                }
                return 0L;
            });
        }
        crew.runAll(tasks);
        expected += WRITES;
        long deadlineNanos = System.nanoTime() + 5_000_000_000L;
        while (delivered.get() < expected && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(20_000);
        }
        losses.lost += expected - delivered.get();
    }

    private void store(List<Write> batch) {
        for (Write write : batch) {
            cache.put(write.key, write.value);
        }
        delivered.addAndGet(batch.size());
    }

    private final class Striped implements Target {
        private final StripedBuffer<Write> buffer = StripedBuffer.<Write>builder(StripedBenchmark.this::store)
                .stripes(PRODUCERS)
                .capacity(65_536)
                .build();

        Striped() {
            buffer.start();
        }

        @Override
        public void enqueue(Write write) {
            buffer.enqueue(write);
        }

        @Override
        public void close() {
            buffer.close();
        }
    }

    private final class Queue implements Target {
        private final LinkedBlockingQueue<Write> queue = new LinkedBlockingQueue<>(2 * 65_536);
        private final Thread drain = new Thread(this::run, "drain");
        private final boolean inBatches;

        Queue(boolean inBatches) {
            this.inBatches = inBatches;
            drain.setDaemon(true);
            drain.start();
        }

        @Override
        public void enqueue(Write write) throws InterruptedException {
            queue.put(write);
        }

        private void run() {
            List<Write> batch = new ArrayList<>();
            try {
                while (true) {
                    batch.add(queue.take());
                    if (inBatches) {
                        queue.drainTo(batch, 511);
                    }
                    store(batch);
                    batch.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            drain.interrupt();
        }
    }
}
