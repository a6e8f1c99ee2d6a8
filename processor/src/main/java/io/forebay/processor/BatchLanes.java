package io.forebay.processor;

import io.forebay.buffer.RetryPolicy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Items on their way to a target, in batches, several of which are in flight at a time.
 *
 * <p><b>Protocol.</b> Each item belongs to a {@linkplain Lane lane}, by the hash of its key. A lane has one batch in flight at most, and
 * starts the next one when that has been acknowledged, or given up. So the items of a key arrive in order, whatever happens to the
 * batches of other lanes; and while a batch is in flight the next one grows, as large as the target is slow. What waits is bounded
 * in time: by what the target can write before a commit would be tired of waiting.
 *
 * <p><b>Threads.</b> One thread drives it: adds, and takes turns. Only a call that ends does so on a thread of its own; it leaves a
 * note in {@code ended}, to be read with the next turn, and touches nothing else. No timer: time-outs and back-off are looked at
 * in turns as well. The sizes may be read by any thread.
 */
final class BatchLanes<T> {

    private static final int HASH_SPREAD = 0x9E3779B9;

    private final Settings<T> settings;
    private final Outcome<T> outcome;
    private final BatchCall.Starter<List<T>> target;
    private final LongSupplier nanoClock;
    private final List<Lane<T>> lanes;
    private final BlockingQueue<EndedCall<T>> ended = new LinkedBlockingQueue<>();
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private @Nullable Commit commit;

    /**
     * How batches are made and tried again.
     *
     * @param drainNanos in how much time everything has to be written that is let in
     * @param oneBatch whether a lane takes in no more while it has a batch in flight
     * @param split whether a batch whose failure is permanent is tried in halves
     */
    record Settings<T>(
            int lanes,
            int batchItems,
            long batchBytes,
            long lingerNanos,
            long callTimeoutNanos,
            long deliveryTimeoutNanos,
            long drainNanos,
            boolean oneBatch,
            RetryPolicy retry,
            Predicate<? super Throwable> permanent,
            boolean split,
            ToLongFunction<? super T> weigher) {}

    /** A commit that waits since then, and until then. */
    record Commit(long sinceNanos, long untilNanos) {}

    /** Told what becomes of batches, on the thread that takes turns. May throw; the items are not pending any more then. */
    interface Outcome<T> {

        /** The target has it all. */
        void acknowledged(List<T> batch, long latencyNanos);

        /** A call failed or took too long. */
        void callFailed(List<T> batch, int calls, Throwable cause);

        /** There will be no other call. */
        void gaveUp(List<T> batch, int calls, Throwable cause);
    }

    /** A call that has ended, well if there is no failure. */
    record EndedCall<T>(
            Lane<T> lane, BatchCall call, @Nullable Throwable failure) {}

    BatchLanes(Settings<T> settings, BatchCall.Starter<List<T>> target, Outcome<T> outcome, LongSupplier nanoClock) {
        this.settings = settings;
        this.target = target;
        this.outcome = outcome;
        this.nanoClock = nanoClock;
        this.lanes = IntStream.range(0, settings.lanes)
                .mapToObj(i -> new Lane<>(this))
                .toList();
    }

    /** Adds an item, and starts a batch if that is full. */
    void add(int hash, T item) {
        long size = settings.weigher.applyAsLong(item);
        items.setOpaque(items.getPlain() + 1);
        bytes.setOpaque(bytes.getPlain() + size);
        lane(hash).add(item, size);
    }

    /** Whether an item can be written in time, if the target stays as fast as it has been. */
    boolean admits(int hash) {
        return lane(hash).admits();
    }

    private Lane<T> lane(int hash) {
        return lanes.get(Math.floorMod(hash * HASH_SPREAD >>> 16, lanes.size()));
    }

    /** Takes note of calls that have ended, if there are any. Cheap if there are none. */
    void takeEnded() {
        for (EndedCall<T> call = ended.poll(); call != null; call = ended.poll()) {
            call.lane.callEnded(call.call, call.failure, nanoClock.getAsLong());
        }
    }

    /** Says that a commit waits, so that what has been tried is given up in its time; null if none does. */
    void commit(@Nullable Commit waiting) {
        commit = waiting;
    }

    /** Starts a batch in every lane that has none in flight. Tells nobody anything, so others may do it for us. */
    void start() {
        long now = nanoClock.getAsLong();
        for (Lane<T> lane : lanes) {
            lane.start(now);
        }
    }

    /** Does all that there is to do now. */
    void turn(boolean flush) {
        takeEnded();
        long now = nanoClock.getAsLong();
        for (Lane<T> lane : lanes) {
            lane.turn(now, flush);
        }
    }

    /**
     * Waits until there may be something to do, at most until the deadline, and takes note of a call that has ended.
     *
     * @return how long it has waited, in nanoseconds
     */
    long await(long deadlineNanos) throws InterruptedException {
        long startNanos = nanoClock.getAsLong();
        long waitNanos = deadlineNanos - startNanos;
        for (Lane<T> lane : lanes) {
            waitNanos = Math.min(waitNanos, lane.nanosUntilTurn(startNanos));
        }
        EndedCall<T> call = ended.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
        long endNanos = nanoClock.getAsLong();
        if (call != null) {
            call.lane.callEnded(call.call, call.failure, endNanos);
        }
        return endNanos - startNanos;
    }

    /** Stops it all; what is in flight may or may not arrive. */
    void abandon() {
        lanes.forEach(Lane::abandon);
    }

    /** How many items have been neither acknowledged nor given up; for any thread. */
    long items() {
        return items.getOpaque();
    }

    /** Their bytes; for any thread. */
    long bytes() {
        return bytes.getOpaque();
    }

    /** How many batches are in flight, waiting to be tried again included; for any thread. */
    long inFlight() {
        return inFlight.getOpaque();
    }

    // what follows is for lanes

    Settings<T> settings() {
        return settings;
    }

    @Nullable
    Commit commit() {
        return commit;
    }

    Outcome<T> outcome() {
        return outcome;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    BatchCall call(List<T> batch) throws Exception {
        return target.start(batch);
    }

    /** From any thread. */
    void ended(EndedCall<T> call) {
        ended.add(call);
    }

    void left(int count, long size) {
        items.setOpaque(items.getPlain() - count);
        bytes.setOpaque(bytes.getPlain() - size);
    }

    void inFlight(int more) {
        inFlight.setOpaque(inFlight.getPlain() + more);
    }
}
