package io.forebay.benchmarks;

import io.forebay.buffer.VersionedEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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

/**
 * A million writes over 100,000 keys in random order, each newer than the one before it; an invocation ends when the newest
 * entry of every key has been handed over.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class PutNewerBenchmark {
    private static final int WRITES = 1_000_000;
    private static final int KEYS = 100_000;
    private static final int CALL = 100;

    @Param({"forebay", "chm"})
    public String contender = "forebay";

    @Param("1")
    public int writers = 1;

    private final String[] keys = new String[WRITES];
    private List<List<VersionedEntry<String, Object>>> calls = List.of();
    private final Object value = new Object();
    private PutNewerContenders.Contender map = PutNewerContenders.create("hashmap");
    private Crew crew = new Crew();
    private long version;
    private long handedOver;
    private long distinct;

    @Setup
    public void setUp() {
        crew = new Crew();
        map = PutNewerContenders.create(contender);
        String[] distinctKeys =
                IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toArray(String[]::new);
        Random random = new Random(42);
        for (int i = 0; i < WRITES; i++) {
            keys[i] = distinctKeys[random.nextInt(KEYS)];
        }
        distinct = Arrays.stream(keys).distinct().count();
        List<List<VersionedEntry<String, Object>>> all = new ArrayList<>();
        for (int i = 0; i < WRITES; i += CALL) {
            List<VersionedEntry<String, Object>> call = new ArrayList<>(CALL);
            for (int j = i; j < i + CALL; j++) {
                call.add(VersionedEntry.of(keys[j], value, j));
            }
            all.add(Collections.unmodifiableList(call));
        }
        calls = all;
    }

    @TearDown
    public void tearDown() {
        map.close();
        crew.close();
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void oneByOne(Losses losses) throws Exception {
        long first = version;
        version += WRITES;
        if (writers == 1) {
            putRange(0, WRITES, first);
        } else {
            crew.runAll(tasks((from, to) -> putRange(from, to, first), WRITES));
        }
        finish(losses);
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void inCalls(Losses losses) throws Exception {
        crew.runAll(tasks(
                (from, to) -> {
                    for (int i = from; i < to; i++) {
                        map.putAll(calls.get(i));
                    }
                },
                WRITES / CALL));
        finish(losses);
    }

    private void putRange(int from, int to, long firstVersion) {
        for (int i = from; i < to; i++) {
            map.put(keys[i], value, firstVersion + i);
        }
    }

    private List<Callable<Long>> tasks(Range action, int count) {
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int from = count / writers * w;
            tasks.add(() -> {
                action.run(from, from + count / writers);
                return 0L;
            });
        }
        return tasks;
    }

    private void finish(Losses losses) {
        handedOver += distinct;
        losses.lost += handedOver - map.handOver();
    }

    private interface Range {
        void run(int from, int to);
    }
}
