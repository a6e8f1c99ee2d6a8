package io.forebay.processor;

import io.forebay.buffer.QueueBuffer;
import io.forebay.store.EventStore;
import io.forebay.store.PreparedEvent;
import io.forebay.store.internal.streams.ForwardScope;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * One task of an {@link EventIndexer}: stage, then double buffer, then store. Everything runs on the StreamThread;
 * other threads only ever follow the ring, into which events go as they are accepted.
 */
final class EventIndexerProcessor<K, E> implements Processor<K, E, K, E> {

    private final EventIndexer.Options<E> options;
    private final IndexerCounters counters;
    private final LiveRings<E> live;
    private @Nullable Task task;

    EventIndexerProcessor(EventIndexer.Options<E> options, IndexerCounters counters, LiveRings<E> live) {
        this.options = options;
        this.counters = counters;
        this.live = live;
    }

    @Override
    public void init(ProcessorContext<K, E> context) {
        task = new Task(context);
    }

    @Override
    public void process(Record<K, E> record) {
        Objects.requireNonNull(task, "process before init").process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }

    /** What exists between init and close. */
    private final class Task {

        private final ProcessorContext<K, E> context;
        private final EventStore<E> store;
        private final ForwardScope scope;
        private final Stage<StagedEvent<K, E>> stage;
        private final QueueBuffer<StagedEvent<K, E>> buffer;
        private final ProcessorMetrics metrics;
        private final Runnable undoBeforeCommit;
        private final LiveRing<E> ring;

        /** What has been drained from the stage into the buffer. */
        private volatile long drainedEvents;

        private volatile long drainedBytes;

        Task(ProcessorContext<K, E> context) {
            this.context = context;
            this.store = context.getStateStore(options.store().name());
            this.scope = ForwardScope.of(context);
            this.buffer = QueueBuffer.<StagedEvent<K, E>>builder(this::toStore).handDriven();
            this.stage = new Stage<>(options.stageCapacity(), options.overflow(), this::toBuffer);
            this.metrics = new ProcessorMetrics(context, scope, "hand-overs to the store");
            metrics.gaugeBuffer(this::bufferedEvents, this::bufferedBytes);
            this.ring = live.open(
                    options.store().name() + "-" + context.taskId(),
                    context.taskId().partition(),
                    options.stageCapacity());
            metrics.gauge("followed-records", "Events kept for those who follow", ring::size);
            metrics.gauge("followed-bytes", "Their size in bytes", ring::sizeBytes);
            this.undoBeforeCommit = store.beforeCommit(this::flush);
            context.schedule(options.flushInterval(), options.punctuation(), timestamp -> flush());
        }

        private long bufferedEvents() {
            return stage.size() + drainedEvents;
        }

        private long bufferedBytes() {
            return stage.sizeBytes() + drainedBytes;
        }

        void process(Record<K, E> record) {
            if (record.value() == null) {
                counters.skipped.increment();
                return;
            }
            PreparedEvent<E> event = store.prepare(record.value());
            Stage.Admission admission =
                    stage.add(new StagedEvent<>(unshared(record), event, scope.origin()), event.sizeBytes());
            if (admission != Stage.Admission.REFUSED) {
                ring.show(record.value(), event.sizeBytes());
            }
            if (admission != Stage.Admission.TAKEN) {
                counters.dropped.increment();
                metrics.recordDropped(1);
            }
            if (bufferedEvents() >= options.maxBufferedEvents() || bufferedBytes() >= options.maxBufferedBytes()) {
                flush();
            }
        }

        /** With headers of its own: others get the same record, and may add to its headers before this one is forwarded. */
        private static <K, E> Record<K, E> unshared(Record<K, E> record) {
            return new Record<>(record.key(), record.value(), record.timestamp(), record.headers());
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the StreamThread alone
        private void toBuffer(StagedEvent<K, E> staged) {
            buffer.push(staged);
            drainedEvents++;
            drainedBytes += staged.event().sizeBytes();
        }

        /** A failure here is not the fault of the record that happens to be processed. */
        private void flush() {
            ring.letGoUnlessFollowed();
            stage.drain();
            if (buffer.size() == 0) {
                return;
            }
            long startNanos = System.nanoTime();
            try {
                buffer.flush();
            } catch (RuntimeException e) {
                throw scope.failure(e);
            }
            drainedEvents = 0;
            drainedBytes = 0;
            counters.flushes.increment();
            metrics.recordFlush(System.nanoTime() - startNanos);
        }

        /** Each event is put, and forwarded if the store took it, as if its record were being processed now. */
        private void toStore(List<StagedEvent<K, E>> batch) {
            int late = 0;
            try (ForwardScope.Scope entered = scope.enter()) {
                for (StagedEvent<K, E> staged : batch) {
                    entered.from(staged.origin());
                    if (!store.put(staged.event())) {
                        late++;
                    } else if (options.forward()) {
                        context.forward(staged.record());
                    }
                }
            }
            counters.indexed.add(batch.size() - late);
            counters.late.add(late);
        }

        void close() {
            undoBeforeCommit.run();
            live.close(ring);
            metrics.close();
        }
    }
}
