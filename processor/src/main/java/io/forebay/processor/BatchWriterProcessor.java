package io.forebay.processor;

import io.forebay.store.internal.streams.ClientTimeouts;
import io.forebay.store.internal.streams.CommitHook;
import io.forebay.store.internal.streams.ForwardScope;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task of a {@link BatchWriter}: records go into {@link BatchLanes}, which the StreamThread drives: with every record, on a
 * punctuation, while it waits for room, and before a commit, when it waits until nothing is left.
 *
 * <p>After a failure that is the task's end, nothing goes on: every later call fails at once.
 */
final class BatchWriterProcessor<K, V> implements Processor<K, V, K, V> {

    private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);

    /** No record is larger than that, and no sum of them too large for a long. */
    private static final long MAX_RECORD_BYTES = 1L << 40;

    private final BatchWriter.Options<K, V> options;
    private final WriterCounters counters;
    private final Set<TaskId> wary;
    private @Nullable Task task;

    /** @param wary tasks whose last commit has waited in vain; shared by all */
    BatchWriterProcessor(BatchWriter.Options<K, V> options, WriterCounters counters, Set<TaskId> wary) {
        this.options = options;
        this.counters = counters;
        this.wary = wary;
    }

    @Override
    public void init(ProcessorContext<K, V> context) {
        task = new Task(context);
    }

    @Override
    public void process(Record<K, V> record) {
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
    private final class Task implements BatchLanes.Outcome<PendingRecord<K, V>> {

        private final ProcessorContext<K, V> context;
        private final ForwardScope scope;
        private final StreamThreadPace pace = StreamThreadPace.ofThisThread();
        private final WriterTimeouts timeouts;
        private final BatchLanes<PendingRecord<K, V>> lanes;
        private final Runnable closeTarget;
        private final ProcessorMetrics metrics;
        private final Sensor failedCalls;
        private final Sensor blockedNanos;
        private final Sensor overdraft;
        private final Runnable undoBeforeCommit;
        private @Nullable RuntimeException failure;

        /** What the exception handler is to be told about a record that is processed for that alone. */
        private @Nullable BatchWriteException refusal;

        private int keylessRecords;

        Task(ProcessorContext<K, V> context) {
            this.context = context;
            this.scope = ForwardScope.of(context);
            this.timeouts = WriterTimeouts.of(options.name(), options.timeouts(), ClientTimeouts.of(context));
            BatchWriter.Calls<K, V> calls =
                    options.target().open(options.name() + "-" + context.taskId(), options.maxInFlight());
            this.closeTarget = calls.close();
            this.lanes = new BatchLanes<>(
                    settings(), batch -> calls.starter().start(new RecordsOf<>(batch)), this, options.nanoClock());
            this.metrics =
                    new ProcessorMetrics(context, scope, "batches, from their first call until they are acknowledged");
            metrics.gaugeBuffer(lanes::items, lanes::bytes);
            metrics.gauge("in-flight-batches", "Batches that the target has not acknowledged", lanes::inFlight);
            this.failedCalls = metrics.sum("failed-calls", "calls to the target that failed or took too long");
            this.blockedNanos = metrics.sum("blocked-time-ns", "time that records waited for room, in nanoseconds");
            this.overdraft =
                    metrics.sum("overdraft-records", "records taken beyond the bound so that polls were in time");
            this.undoBeforeCommit =
                    context.<CommitHook>getStateStore(options.hookName()).beforeCommit(this::beforeCommit);
            context.schedule(turnInterval(), PunctuationType.WALL_CLOCK_TIME, timestamp -> punctuate());
            pace.join(lanes);
        }

        private BatchLanes.Settings<PendingRecord<K, V>> settings() {
            return new BatchLanes.Settings<>(
                    options.maxInFlight(),
                    options.maxBatchRecords(),
                    options.maxBatchBytes(),
                    options.linger().toNanos(),
                    timeouts.callNanos(),
                    timeouts.deliveryNanos(),
                    timeouts.commitNanos() / 2,
                    wary.contains(context.taskId()),
                    options.retry(),
                    options.permanent(),
                    options.failurePolicy() == FailurePolicy.EXCEPTION_HANDLER,
                    PendingRecord::bytes);
        }

        /** Often enough for whatever has to be done in time, and to know when a round has ended. */
        private Duration turnInterval() {
            long nanos = Math.min(options.linger().toNanos(), Math.min(timeouts.callNanos(), timeouts.roomNanos()) / 4);
            return Duration.ofMillis(Math.max(1, Duration.ofNanos(nanos).toMillis()));
        }

        void process(Record<K, V> record) {
            if (refusal != null) {
                throw refusal;
            }
            long bytes = weigh(record);
            pace.processing();
            int hash = hashOf(record.key());
            drive(() -> {
                lanes.takeEnded();
                if (!hasRoom(bytes) || !lanes.admits(hash)) {
                    awaitRoom(hash, bytes);
                }
                counters.received.increment();
                // With headers of its own: those of the record are for other branches of the topology to change.
                Record<K, V> own = record.withHeaders(record.headers());
                lanes.add(hash, new PendingRecord<>(own, scope.origin(), bytes));
            });
        }

        private long weigh(Record<K, V> record) {
            long bytes = options.weigher().applyAsLong(record);
            if (bytes < 0 || bytes > MAX_RECORD_BYTES) {
                throw new IllegalArgumentException("the weigher of batch writer " + options.name()
                        + " must return what a record weighs, 0 to " + MAX_RECORD_BYTES + " bytes: bytes=" + bytes);
            }
            return bytes;
        }

        private boolean hasRoom(long bytes) {
            long items = lanes.items();
            return items == 0
                    || items < options.maxBufferedRecords() && bytes <= options.maxBufferedBytes() - lanes.bytes();
        }

        /** Waits for room as long as this round may take, and then no more: the StreamThread has to poll. */
        private void awaitRoom(int hash, long bytes) throws InterruptedException {
            long startNanos = options.nanoClock().getAsLong();
            long deadlineNanos = pace.roundStartNanos(startNanos) + timeouts.roomNanos();
            boolean full = !hasRoom(bytes);
            lanes.turn(full);
            while (full || !lanes.admits(hash)) {
                if (options.nanoClock().getAsLong() - deadlineNanos >= 0) {
                    counters.overdraft.increment();
                    overdraft.record(1);
                    break;
                }
                lanes.await(deadlineNanos);
                full = !hasRoom(bytes);
                lanes.turn(full);
            }
            blockedNanos.record(options.nanoClock().getAsLong() - startNanos);
        }

        private int hashOf(@Nullable Object key) {
            if (key == null) {
                return keylessRecords++;
            }
            return key instanceof byte[] bytes ? Arrays.hashCode(bytes) : key.hashCode();
        }

        private void punctuate() {
            drive(() -> lanes.turn(false));
            pace.roundEnded(options.nanoClock().getAsLong());
        }

        private void beforeCommit() {
            drive(() -> {
                pace.startAll();
                lanes.takeEnded();
                if (lanes.items() > 0) {
                    try {
                        awaitAcknowledgement();
                    } finally {
                        lanes.commit(null);
                    }
                }
                wary.remove(context.taskId());
            });
        }

        private void awaitAcknowledgement() throws InterruptedException {
            long sinceNanos = options.nanoClock().getAsLong();
            long leftNanos = pace.commitBudgetNanos(sinceNanos, timeouts.commitNanos());
            long othersNanos = leftNanos - pace.shareNanos(leftNanos, timeouts.callNanos());
            while (true) {
                long nowNanos = options.nanoClock().getAsLong();
                if (options.failurePolicy() == FailurePolicy.EXCEPTION_HANDLER) {
                    lanes.commit(new BatchLanes.Commit(sinceNanos, nowNanos + leftNanos - othersNanos));
                }
                lanes.turn(true);
                if (lanes.items() == 0) {
                    return;
                }
                if (leftNanos <= 0) {
                    throw waitedInVain();
                }
                long waitedNanos = lanes.await(nowNanos + leftNanos);
                pace.waitedInCommit(options.nanoClock().getAsLong(), waitedNanos);
                leftNanos -= waitedNanos;
            }
        }

        private BatchWriteException waitedInVain() {
            wary.add(context.taskId());
            return new BatchWriteException("batch writer " + options.name() + " cannot commit: of task "
                    + context.taskId() + ", " + lanes.items() + " record(s) in " + lanes.inFlight()
                    + " batch(es) are not acknowledged after commitTimeout="
                    + Duration.ofNanos(timeouts.commitNanos())
                    + ". When it is started again, it has no more than one batch for each of maxInFlight="
                    + options.maxInFlight() + " lanes in memory");
        }

        /** A failure here is not the fault of the record that happens to be processed, and the end of the task. */
        private void drive(Step step) {
            if (failure != null) {
                throw failure;
            }
            try {
                step.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw end(new BatchWriteException(
                        "batch writer " + options.name() + " was interrupted while " + lanes.items()
                                + " record(s) were not acknowledged",
                        e));
            } catch (RuntimeException e) {
                throw end(e);
            } catch (Error e) {
                RuntimeException unused =
                        end(new BatchWriteException("batch writer " + options.name() + " has ended", e));
                throw e;
            }
        }

        private RuntimeException end(RuntimeException cause) {
            failure = scope.failure(cause);
            pace.leave(lanes);
            return failure;
        }

        @Override
        public void acknowledged(List<PendingRecord<K, V>> batch, long latencyNanos) {
            counters.acknowledged.add(batch.size());
            counters.batches.increment();
            metrics.recordFlush(latencyNanos);
            if (!options.forward()) {
                return;
            }
            try (ForwardScope.Scope entered = scope.enter()) {
                for (PendingRecord<K, V> pending : batch) {
                    entered.from(pending.origin());
                    context.forward(pending.record());
                }
            }
        }

        @Override
        public void callFailed(List<PendingRecord<K, V>> batch, int calls, Throwable cause) {
            counters.failedCalls.increment();
            failedCalls.record(1);
            String described = cause.toString();
            log.warn(
                    "Batch writer {}, task {}: call {} for a batch of {} record(s) failed: {}",
                    options.name(),
                    context.taskId(),
                    calls,
                    batch.size(),
                    described);
            log.debug("Batch writer {}, task {}: what the call failed with", options.name(), context.taskId(), cause);
        }

        @Override
        public void gaveUp(List<PendingRecord<K, V>> batch, int calls, Throwable cause) {
            BatchWriteException exception = new BatchWriteException(
                    "batch writer " + options.name() + " could not write a batch of " + batch.size()
                            + " record(s) of task " + context.taskId() + " in " + calls + " call(s): " + cause,
                    cause);
            if (options.failurePolicy() == FailurePolicy.FAIL_TASK) {
                counters.abandoned.add(batch.size());
                throw exception;
            }
            refuse(batch, exception);
        }

        private void refuse(List<PendingRecord<K, V>> batch, BatchWriteException exception) {
            int refused = 0;
            refusal = exception;
            try (ForwardScope.Scope entered = scope.enter()) {
                for (PendingRecord<K, V> pending : batch) {
                    entered.from(pending.origin());
                    entered.process(pending.record()); // throws if the handler says so, which ends the task
                    refused++;
                    metrics.recordDropped(1);
                }
            } finally {
                refusal = null;
                counters.refused.add(refused);
                counters.abandoned.add(batch.size() - refused);
            }
        }

        void close() {
            undoBeforeCommit.run();
            pace.leave(lanes);
            if (lanes.items() > 0) {
                counters.abandoned.add(lanes.items());
                log.warn(
                        "Batch writer {}, task {} is closed without having committed: it abandons {} record(s), {} batch(es) of "
                                + "them in flight, which may or may not arrive. They will be processed again",
                        options.name(),
                        context.taskId(),
                        lanes.items(),
                        lanes.inFlight());
            }
            lanes.abandon();
            closeTarget.run();
            metrics.close();
        }
    }

    /** Something that drives the lanes. */
    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }
}
