package io.forebay.processor;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.buffer.QueueBuffer;
import io.forebay.buffer.Reader;
import io.forebay.buffer.RingBuffer;
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
 * One task of an {@link EventIndexer}: ring buffer, then double buffer, then store. Everything runs on the StreamThread;
 * other threads only ever follow the ring.
 */
final class EventIndexerProcessor<K, E> implements Processor<K, E, K, E> {

    private final EventIndexer.Options<E> options;
    private final IndexerCounters counters;
    private @Nullable Task task;

    EventIndexerProcessor(EventIndexer.Options<E> options, IndexerCounters counters) {
        this.options = options;
        this.counters = counters;
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

    /** An event on its way to the store, with what is needed to forward it. */
    private record Staged<K, E>(Record<K, E> record, PreparedEvent<E> event, ForwardScope.Origin origin) {}

    /** What exists between init and close. */
    private final class Task {

        private final ProcessorContext<K, E> context;
        private final EventStore<E> store;
        private final ForwardScope scope;
        private final RingBuffer<Staged<K, E>> stage;
        private final Reader<Staged<K, E>> stageReader;
        private final QueueBuffer<Staged<K, E>> buffer;
        private final Runnable undoBeforeCommit;
        private int stagedEvents;
        private long stagedBytes;

        Task(ProcessorContext<K, E> context) {
            this.context = context;
            this.store = context.getStateStore(options.store().name());
            this.scope = ForwardScope.of(context);
            this.stage = RingBuffer.<Staged<K, E>>builder()
                    .capacity(options.stageCapacity())
                    .overflow(options.overflow())
                    .name(options.store().name() + "-" + context.taskId())
                    .build();
            this.stageReader =
                    options.overflow() == OverflowStrategy.DROP_OLDEST ? stage.tailingReader() : stage.gatingReader();
            this.buffer = QueueBuffer.<Staged<K, E>>builder(this::toStore).handDriven();
            this.undoBeforeCommit = store.beforeCommit(this::flush);
            context.schedule(options.flushInterval(), options.punctuation(), timestamp -> flush());
        }

        void process(Record<K, E> record) {
            if (record.value() == null) {
                counters.skipped.increment();
                return;
            }
            PreparedEvent<E> event = store.prepare(record.value());
            stage(new Staged<>(record, event, scope.origin()));
            stagedEvents++;
            stagedBytes += event.sizeBytes();
            if (stagedEvents >= options.maxBufferedEvents() || stagedBytes >= options.maxBufferedBytes()) {
                flush();
            }
        }

        private void stage(Staged<K, E> staged) {
            if (stage.tryWrite(staged)) {
                return;
            }
            if (options.overflow() == OverflowStrategy.BLOCK) {
                drainStage();
                stage.write(staged);
            } else {
                counters.dropped.increment();
            }
        }

        private void drainStage() {
            long missedBefore = stageReader.missed();
            stageReader.drain(buffer::push, Integer.MAX_VALUE);
            counters.dropped.add(stageReader.missed() - missedBefore);
        }

        private void flush() {
            drainStage();
            stagedEvents = 0;
            stagedBytes = 0;
            if (buffer.size() > 0) {
                buffer.flush();
                counters.flushes.increment();
            }
        }

        /** Each event is put, and forwarded, as if its record were being processed now. */
        private void toStore(List<Staged<K, E>> batch) {
            try (ForwardScope.Scope entered = scope.enter()) {
                for (Staged<K, E> staged : batch) {
                    entered.from(staged.origin());
                    store.put(staged.event());
                    if (options.forward()) {
                        context.forward(staged.record());
                    }
                }
            }
            counters.indexed.add(batch.size());
        }

        void close() {
            undoBeforeCommit.run();
            stageReader.close();
            stage.close();
        }
    }
}
