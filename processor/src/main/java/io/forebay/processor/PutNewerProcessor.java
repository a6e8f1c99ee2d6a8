package io.forebay.processor;

import io.forebay.buffer.PutNewerBuffer;
import io.forebay.buffer.VersionedEntry;
import io.forebay.store.internal.streams.ForwardScope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One task of a {@link PutNewer}: a map of the newest update of each key, which is emptied on a punctuation, before every commit, and when it is
 * full. Which updates get there, and what becomes of them then, is the difference between the subclasses.
 *
 * <p>Everything runs on the StreamThread.
 *
 * @param <H> what is held of an update
 */
abstract class PutNewerProcessor<K, V, H> implements Processor<K, V, K, V> {

    private final PutNewer.Options<K, V> options;
    private final PutNewerCounters counters;
    private @Nullable Task task;

    PutNewerProcessor(PutNewer.Options<K, V> options, PutNewerCounters counters) {
        this.options = options;
        this.counters = counters;
    }

    /** Does everything with an update that can fail because of it. */
    abstract H hold(Record<K, V> record, long version);

    /** Takes an update: puts it into the buffer, or aside until {@link #settle} or more of them come. */
    abstract void accept(H held, long version);

    /** What was put aside is decided, or goes to the buffer. */
    abstract void settle();

    /** What two updates have in common that are of the same key. */
    abstract Object identity(H held);

    abstract int sizeBytes(H held);

    /** The update as it came, with the header of its version. */
    abstract Record<K, V> asItCame(H held, long version);

    /** Notes that a record has been seen, if anybody wants to know. */
    abstract void seen(@Nullable RecordMetadata metadata);

    /** Takes what was in the buffer. */
    abstract void take(List<VersionedEntry<Object, H>> batch);

    /** Everything that was seen has been taken. */
    abstract void emptied();

    /** The buffer has been emptied, for a punctuation: emits what is to be emitted. */
    abstract void emit();

    /** Opens what else there is, and registers an action to be run before commits; how to undo that. */
    abstract Runnable open(ProcessorContext<K, V> context, Runnable beforeCommit);

    @Override
    public final void init(ProcessorContext<K, V> context) {
        task = new Task(context);
    }

    @Override
    public final void process(Record<K, V> record) {
        task().process(record);
    }

    @Override
    public final void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }

    final Task task() {
        return Objects.requireNonNull(task, "process before init");
    }

    /** What exists between init and close. */
    final class Task {

        private static final int RECORDS_PER_LOOK = 1_024;

        private final ProcessorContext<K, V> context;
        private final ForwardScope scope;
        private final ProcessorMetrics metrics;
        private final Sensor staleUpdates;
        private final PutNewerBuffer<Object, H> buffer;
        private final Runnable undoBeforeCommit;
        private int untilLook = RECORDS_PER_LOOK;

        // Written by the StreamThread, read by gauges.
        private volatile long bufferedEntries;
        private volatile long bufferedBytes;
        private volatile long emitted;
        private volatile long coalesced;

        Task(ProcessorContext<K, V> context) {
            this.context = context;
            this.scope = ForwardScope.of(context);
            requireChild("emitTo", options.emitTo());
            requireChild("staleTo", options.staleTo());
            this.metrics = new ProcessorMetrics(context, scope, "emissions");
            this.staleUpdates =
                    metrics.sum("stale-updates", "updates that were not newer than what was known of their keys");
            metrics.gaugeBuffer(() -> bufferedEntries, () -> bufferedBytes);
            metrics.gauge(
                    "coalescing-ratio",
                    "How many updates a record sent downstream stands for, on average since the task was started",
                    () -> emitted == 0 ? 0 : (double) coalesced / emitted);
            this.buffer = PutNewerBuffer.<Object, H>builder(PutNewerProcessor.this::take)
                    .weigher((key, held) -> sizeBytes(Objects.requireNonNull(held)))
                    .maxEntries(Integer.MAX_VALUE)
                    .drainThreshold(options.maxBufferedEntries())
                    .drainThresholdBytes(options.maxBufferedBytes())
                    .handDriven();
            this.undoBeforeCommit = open(context, this::beforeCommit);
            context.schedule(options.flushInterval(), options.punctuation(), timestamp -> flush());
        }

        private void requireChild(String option, @Nullable String child) {
            if (child != null && !scope.children().contains(child)) {
                throw new IllegalArgumentException(option + "=" + child + " is none of the children of processor "
                        + scope.nodeName() + ", which are " + scope.children()
                        + "; in the DSL a child gets its name from Named.as, Produced.as and the like");
            }
        }

        void process(Record<K, V> record) {
            if (record.key() == null) {
                counters.skipped.increment();
                return;
            }
            RecordMetadata metadata = context.recordMetadata().orElse(null);
            long version = options.version().versionOf(record, metadata);
            H held = hold(record, version);
            counters.updates.increment();
            seen(metadata);
            try {
                accept(held, version);
            } catch (RuntimeException e) {
                throw scope.failure(e);
            }
        }

        /** Puts an update into the buffer. */
        void buffer(H held, long version) {
            if (!buffer.putNewer(identity(held), held, version)) {
                stale(held, version, 1);
            }
            if (--untilLook == 0) {
                look();
            }
            if (buffer.drainDue()) {
                spill();
            }
        }

        /** Counts a stale update, which stands for so many, and passes it on if somebody wants it. */
        void stale(H held, long version, int updates) {
            counters.stale.add(updates);
            staleUpdates.record(updates);
            if (options.staleTo() != null) {
                context.forward(asItCame(held, version), options.staleTo());
            }
        }

        /** Sends a record downstream that stands for so many updates. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the StreamThread alone
        void emit(Record<K, V> record, long version, int updates) {
            setHeader(record.headers(), PutNewer.VERSION_HEADER, version);
            setHeader(record.headers(), PutNewer.UPDATES_HEADER, updates);
            if (options.emitTo() == null) {
                context.forward(record);
            } else {
                context.forward(record, options.emitTo());
            }
            emitted++;
            coalesced += updates;
            counters.emitted.increment();
            counters.coalesced.add(updates);
        }

        private void flush() {
            long startNanos = System.nanoTime();
            actForTheTask(this::empty);
            actForTheTask(PutNewerProcessor.this::emit);
            look();
            counters.flushes.increment();
            metrics.recordFlush(System.nanoTime() - startNanos);
        }

        private void spill() {
            actForTheTask(() -> countSpill(buffer.flush()));
            look();
        }

        private void beforeCommit() {
            actForTheTask(() -> countSpill(empty()));
            look();
        }

        private void countSpill(int entries) {
            if (entries > 0) {
                counters.spills.increment();
            }
        }

        /** Has everything that was seen taken; how many entries were in the buffer. */
        private int empty() {
            settle();
            int entries = buffer.flush();
            emptied();
            return entries;
        }

        /** Also outside of process and punctuations. A failure here is not the fault of the record that happens to be processed. */
        private void actForTheTask(Runnable action) {
            try (ForwardScope.Scope entered = scope.enter()) {
                action.run();
            } catch (RuntimeException e) {
                throw scope.failure(e);
            }
        }

        private void look() {
            untilLook = RECORDS_PER_LOOK;
            bufferedEntries = buffer.size();
            bufferedBytes = buffer.stats().bytes();
        }

        void close() {
            undoBeforeCommit.run();
            metrics.close();
        }
    }

    static void setHeader(Headers headers, String name, long number) {
        headers.remove(name);
        headers.add(name, decimal(number));
    }

    /** As digits. */
    private static byte[] decimal(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
