package io.forebay.buffer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A buffer with two sides: writers fill the active side while the sealed side is processed in batches. The engine of
 * {@link QueueBuffer} and {@link PutNewerBuffer}.
 *
 * <p><b>Partitions.</b> Elements of one partition are handed over in order, by one processor call at a time; at most one sealed side
 * is in flight per partition. Partitions are independent of each other.
 *
 * <p><b>Driven by itself</b> ({@code start}): flushes every interval, when a threshold is crossed, and on {@link #flush()}. All methods may be
 * called by any thread. A writer never waits for a processor, unless the buffer is full under {@link OverflowStrategy#BLOCK}. A batch that fails is
 * tried again with back-off until its processing time-out; then the dead-letter handler gets it, or without one the partition keeps it,
 * reports, and accepts nothing until a later flush succeeds.
 *
 * <p><b>Driven by hand</b> ({@code handDriven}): one thread does everything; the buffer has no thread, takes no lock and reads no clock. {@link #flush()} processes
 * on the caller's thread, and an exception of the processor goes to the caller while the rest stays buffered. A full buffer under
 * {@code BLOCK} is flushed by the write that finds it full.
 *
 * @param <T> the type of the elements that are handed over
 */
public abstract sealed class DoubleBuffer<T> implements AutoCloseable permits QueueBuffer, PutNewerBuffer {
    private static final Logger log = LoggerFactory.getLogger(DoubleBuffer.class);
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final String name;
    private final Delivery<T> delivery;
    private final @Nullable DeadLetterHandler<T> deadLetters;
    private final BufferListener listener;
    private final BufferScheduler scheduler;
    private final boolean handDriven;
    private final int partitions;
    private final FlushTimer timer = new FlushTimer(this, this::requestRuns);
    private volatile BufferOptions options;
    private volatile LaneLimits limits;
    private List<Lane<T, ?>> lanes = List.of();
    private List<LaneRun<T>> runs = List.of();
    private @Nullable HandDrive<T> handDrive;
    private Admission<T> admission = new Admission<>(this, List.of());
    private @Nullable CloseReport closeReport;

    DoubleBuffer(BufferBuilder<T, ?> builder, Delivery<T> delivery, boolean handDriven) {
        this.name = builder.bufferName();
        this.delivery = delivery;
        this.deadLetters = builder.deadLetters;
        this.listener = builder.listener;
        this.scheduler = builder.scheduler;
        this.handDriven = handDriven;
        this.partitions = builder.partitionCount(handDriven);
        this.options = builder.options();
        this.limits = LaneLimits.of(options, partitions);
    }

    /** Last step of construction: from here on, time drives the buffer. */
    final void begin(List<? extends Lane<T, ?>> partitionLanes) {
        lanes = List.copyOf(partitionLanes);
        if (handDriven) {
            handDrive = new HandDrive<>(this, lanes.get(0));
        } else {
            runs = lanes.stream().map(lane -> new LaneRun<>(this, lane)).toList();
            admission = new Admission<>(this, runs);
            timer.restart();
        }
    }

    public final String name() {
        return name;
    }

    /** The options that are in force. */
    public final BufferOptions options() {
        return options;
    }

    /**
     * Changes options; those that are not set stay as they are. A new flush interval counts from now.
     *
     * @throws IllegalArgumentException if the result contradicts itself; nothing is changed then
     */
    public final synchronized void updateOptions(Consumer<BufferOptions.Builder> changes) {
        BufferOptions.Builder builder = options.toBuilder();
        changes.accept(builder);
        BufferOptions changed = builder.build();
        checkOptions(changed);
        LaneLimits changedLimits = LaneLimits.of(changed, partitions);
        boolean newInterval = !changed.flushInterval().equals(options.flushInterval());
        options = changed;
        limits = changedLimits;
        if (!handDriven) {
            if (newInterval) {
                timer.restart();
            }
            wakeWriters();
        }
    }

    abstract void checkOptions(BufferOptions changed);

    private void wakeWriters() {
        for (Lane<T, ?> lane : lanes) {
            lane.enter();
            lane.signalChange();
            lane.exit();
        }
    }

    /**
     * Whether a count or byte threshold has been crossed or the buffer is full: a hand-driven buffer should be flushed soon.
     */
    public final boolean drainDue() {
        for (Lane<T, ?> lane : lanes) {
            lane.enter();
            try {
                if (isDue(lane)) {
                    return true;
                }
            } finally {
                lane.exit();
            }
        }
        return false;
    }

    final boolean isDue(Lane<T, ?> lane) {
        return limits.isDue(lane.active.size(), lane.active.bytes(), lane.size(), lane.bytes());
    }

    /** How many elements have not been delivered yet, those in flight included. */
    public final int size() {
        int size = 0;
        for (Lane<T, ?> lane : lanes) {
            lane.enter();
            size += lane.size();
            lane.exit();
        }
        return size;
    }

    /**
     * Hands over everything that was accepted before the call, and waits until it is delivered or dead-lettered.
     *
     * <p>Driven by hand, the caller's thread does the work; what the processor throws is thrown here (checked exceptions wrapped in a
     * {@link BatchProcessingException}), and what it has not processed stays buffered and comes first at the next flush.
     *
     * @return driven by hand, the number of elements that were handed to the processor; else the number delivered meanwhile
     * @throws BatchProcessingException if a partition keeps its contents because processing failed
     * @throws IllegalStateException if called by the processor of a hand-driven buffer, or after close
     */
    public final int flush() {
        checkOpen();
        if (handDriven) {
            return handDrive().flush();
        }
        long before = stats().delivered();
        List<Long> epochs = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            epochs.add(requestEpoch(lanes.get(i)));
            runs.get(i).request();
        }
        for (int i = 0; i < lanes.size(); i++) {
            awaitEpoch(lanes.get(i), epochs.get(i));
        }
        return (int) Math.min(Integer.MAX_VALUE, stats().delivered() - before);
    }

    private long requestEpoch(Lane<T, ?> lane) {
        lane.enter();
        try {
            return lane.epochOfActive();
        } finally {
            lane.exit();
        }
    }

    private void awaitEpoch(Lane<T, ?> lane, long epoch) {
        lane.enter();
        try {
            while (!lane.hasCompleted(epoch)) {
                Throwable failure = lane.failure();
                if (failure != null && lane.hasGivenUp()) {
                    throw new BatchProcessingException(
                            "buffer " + name + " could not process partition " + lane.index + "; it keeps "
                                    + lane.size() + " elements",
                            failure);
                }
                if (lane.isStopped()) {
                    throw new IllegalStateException("buffer " + name + " was closed before it was flushed");
                }
                lane.awaitChange(TimeUnit.SECONDS.toNanos(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BatchProcessingException("interrupted while flushing buffer " + name, e);
        } finally {
            lane.exit();
        }
    }

    /**
     * Hand-driven only: closes the active side, unless a sealed one is still waiting to be drained.
     *
     * @return how many elements are sealed
     */
    public final int seal() {
        return handDrive().seal();
    }

    /**
     * Hand-driven only: processes what is sealed, on the caller's thread, in batches of {@code batchSize}.
     *
     * @return how many elements were handed to the processor
     * @throws BatchProcessingException if the processor threw a checked exception
     */
    public final int drain() {
        return handDrive().drain();
    }

    /** @throws IllegalStateException if the buffer drives itself */
    final HandDrive<T> handDrive() {
        if (handDrive == null) {
            throw new IllegalStateException("buffer " + name + " drives itself: use flush()");
        }
        return handDrive;
    }

    /** Decides, inside a lane, whether one more element is taken. */
    final Admission<T> admission() {
        return admission;
    }

    final LaneLimits limits() {
        return limits;
    }

    /** Lets the oldest element of the active side go. */
    abstract void dropFirst(Lane<T, ?> lane);

    /** After a write, outside of the lane: starts a run if a threshold was crossed; reports losses. */
    final void afterWrite(Lane<T, ?> lane, boolean due, long lost) {
        if (due && !handDriven) {
            runs.get(lane.index).request();
        }
        if (lost > 0) {
            tell(told -> told.dropped(name, lane.index, (int) Math.min(Integer.MAX_VALUE, lost)));
        }
    }

    /** A snapshot of the counters. */
    public final BufferStats stats() {
        StatsSum sum = new StatsSum();
        for (Lane<T, ?> lane : lanes) {
            lane.enter();
            try {
                sum.add(lane);
            } finally {
                lane.exit();
            }
        }
        return sum.toStats();
    }

    /**
     * Stops accepting, hands over what is left, and waits for it.
     *
     * <p>When the time is up, running processors are interrupted, and what could not be delivered is reported and stays available
     * from {@link #undelivered()}. Driven by hand, the caller's thread does the work; a failure ends up in the report, and the time
     * is looked at between batches. Closing again returns the same report.
     *
     * @param timeout how long to wait at most
     */
    public final synchronized CloseReport close(Duration timeout) {
        if (closeReport != null) {
            return closeReport;
        }
        BufferCloser<T> closer = new BufferCloser<>(this, lanes, runs);
        CloseReport report = handDriven ? closer.closeByHand(timeout) : closer.closeRunning(timeout);
        closeReport = report;
        timer.cancel();
        tell(told -> told.closed(name, report));
        return report;
    }

    /**
     * Closes with a time-out of 30 s.
     *
     * @throws BatchProcessingException if something could not be delivered
     */
    @Override
    public final void close() {
        CloseReport report = close(DEFAULT_CLOSE_TIMEOUT);
        if (!report.complete()) {
            throw BatchProcessingException.undelivered(name, report, DEFAULT_CLOSE_TIMEOUT);
        }
    }

    /** After close: what could not be delivered, per partition in order. */
    public final synchronized List<T> undelivered() {
        if (closeReport == null) {
            throw new IllegalStateException("buffer " + name + " is not closed");
        }
        List<T> left = new ArrayList<>();
        for (Lane<T, ?> lane : lanes) {
            lane.enter();
            try {
                left.addAll(lane.peek(Integer.MAX_VALUE));
                left.addAll(lane.active.peek());
            } finally {
                lane.exit();
            }
        }
        return left;
    }

    private void checkOpen() {
        if (isClosed()) {
            throw new IllegalStateException("buffer " + name + " is closed");
        }
    }

    final boolean isClosed() {
        Lane<T, ?> lane = lanes.get(0);
        lane.enter();
        try {
            return lane.isClosed();
        } finally {
            lane.exit();
        }
    }

    private void requestRuns() {
        runs.forEach(LaneRun::request);
    }

    final void tell(Consumer<BufferListener> event) {
        if (listener == BufferListener.NONE) {
            return;
        }
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            log.warn("listener of buffer {} failed", name, e);
        }
    }

    final int partitions() {
        return partitions;
    }

    final boolean isHandDriven() {
        return handDriven;
    }

    final Delivery<T> delivery() {
        return delivery;
    }

    final @Nullable DeadLetterHandler<T> deadLetters() {
        return deadLetters;
    }

    final BufferScheduler scheduler() {
        return scheduler;
    }
}
