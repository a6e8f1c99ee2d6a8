package io.forebay.benchmarks.processor;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.benchmarks.cases.Tally;
import io.forebay.processor.BatchWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Records are written to a target that takes 5 ms for a call, however much is in it: until everything is written, committed and closed.
 */
final class BatchCase {

    /** Who calls the target. */
    enum Way {
        BATCH_WRITER,
        ONE_BY_ONE
    }

    private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private BatchCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        int records = args.number("records");
        AtomicLong written = new AtomicLong();
        Tally tally = new Tally(records - 1L);
        ScheduledExecutorService target = Executors.newSingleThreadScheduledExecutor();
        Topology topology = new Topology();
        topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), args.get("topic"));
        switch (args.choice("way", Way.class)) {
            case BATCH_WRITER -> {
                topology.addProcessor("tally", () -> new Step(tally, () -> {}), "in");
                topology.addProcessor("write", batchWriter(target, written), "tally");
            }
            case ONE_BY_ONE -> topology.addProcessor("write", () -> new Step(tally, () -> call(written)), "in");
        }
        try (StepApplication application = new StepApplication(topology, args, args.get("id"))) {
            tally.await();
        }
        double seconds = CaseArguments.secondsSince(tally.startNanos());
        target.shutdown();
        figure("records-per-second", records / seconds);
        figure("lost", Math.max(0, records - written.get()));
    }

    private static ProcessorSupplier<byte[], byte[], byte[], byte[]> batchWriter(
            ScheduledExecutorService target, AtomicLong written) {
        return BatchWriter.<byte[], byte[]>async("target", batch -> write(batch, target, written))
                .build();
    }

    private static CompletionStage<?> write(
            List<Record<byte[], byte[]>> batch, ScheduledExecutorService target, AtomicLong written) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        target.schedule(
                () -> {
                    written.addAndGet(batch.size());
                    done.complete(null);
                },
                CALL_NANOS,
                TimeUnit.NANOSECONDS);
        return done;
    }

    private static void call(AtomicLong written) {
        long end = System.nanoTime() + CALL_NANOS;
        for (long rest = CALL_NANOS; rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
        written.incrementAndGet();
    }

    /** Does something for each record, tells the tally, and passes the record on. */
    private static final class Step implements Processor<byte[], byte[], byte[], byte[]> {

        private final Tally tally;
        private final Runnable action;
        private @Nullable ProcessorContext<byte[], byte[]> context;

        Step(Tally tally, Runnable action) {
            this.tally = tally;
            this.action = action;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> newContext) {
            context = newContext;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            tally.begin();
            action.run();
            if (context != null) {
                context.forward(record);
                tally.end(context.recordMetadata().orElseThrow().offset());
            }
        }
    }
}
