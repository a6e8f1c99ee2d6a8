package io.forebay.buffer;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One stripe: a ring, and the thread that drains it into the sink.
 *
 * <p>When the ring is empty the thread naps, so that the next batch is worth its while, and wakes by itself. After some milliseconds without
 * work it sleeps, and the next writer wakes it; then it naps once before it goes to work, so that those who have just begun to write
 * have the processor and the ring to themselves. Since writers pay for no fence, one may just miss that the thread is about to sleep; therefore
 * it never sleeps longer than {@link #MAX_PARK_NANOS} at a time. A writer that finds the ring full wakes it in any case.
 *
 * <p>A batch that the sink refuses is tried again with back-off until it is taken, dead-lettered or the time of {@code close} is up; whatever
 * the sink throws, the thread goes on.
 */
final class Stripe<E> implements Runnable {
    private static final int SPIN_ROUNDS = 50;
    private static final int YIELD_ROUNDS = 5;
    private static final int NAP_ROUNDS = 50;
    private static final long NAP_NANOS = 100_000;
    private static final long MAX_PARK_NANOS = 10_000_000;

    private final int index;
    private final StripedBuffer<E> buffer;
    private final RingBuffer<E> ring;
    private final Reader<E> reader;
    private final Thread thread;
    private final boolean blocking;
    private final Object[] scratch;
    private int scratchSize;
    private List<E> batch = List.of();
    private int idleRounds;
    private volatile boolean sleeping;
    private volatile boolean stopped;
    private volatile @Nullable Throwable lastFailure;
    private volatile int inHand;
    private volatile boolean attempting;
    private volatile long delivered;
    private volatile long deadLettered;
    private volatile long failedAttempts;

    Stripe(int index, StripedBuffer<E> buffer, RingBuffer<E> ring, int batchSize, boolean blocking) {
        this.index = index;
        this.buffer = buffer;
        this.ring = ring;
        this.reader = ring.gatingReader();
        this.blocking = blocking;
        this.scratch = new Object[batchSize];
        this.thread = new Thread(this, buffer.name() + "-stripe-" + index);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean enqueue(E item) {
        boolean accepted = ring.tryWrite(item);
        if (sleeping || !accepted) {
            sleeping = false; // so that whoever writes before it is awake does not wake it again
            LockSupport.unpark(thread);
        }
        return accepted || (blocking && ring.write(item));
    }

    @Override
    public void run() {
        while (!stopped && !isDrained()) {
            try {
                drain();
            } catch (Throwable e) { // such as no memory: what was taken from the ring is still in hand
                lastFailure = e;
                buffer.logFailure(index, e);
                pauseNanos(MAX_PARK_NANOS);
            }
        }
    }

    private boolean isDrained() {
        return buffer.isClosed() && inHand == 0 && reader.position() - ring.end() >= 0;
    }

    private void drain() {
        if (batch.isEmpty()) {
            takeBatch();
        }
        if (batch.isEmpty()) {
            idle(++idleRounds);
        } else {
            idleRounds = 0;
            deliver(batch);
            batch = List.of();
        }
    }

    private void takeBatch() {
        if (scratchSize == 0) {
            reader.drain(item -> scratch[scratchSize++] = item, scratch.length);
            inHand = scratchSize;
        }
        if (scratchSize > 0) {
            batch = new Batch<>(Arrays.copyOf(scratch, scratchSize), 0, scratchSize);
            Arrays.fill(scratch, 0, scratchSize, null);
            scratchSize = 0;
        }
    }

    /** Waits a little for more to come, and, the longer nothing does, the longer at a time. */
    private void idle(int rounds) {
        if (rounds <= SPIN_ROUNDS) {
            Thread.onSpinWait();
        } else if (rounds <= SPIN_ROUNDS + YIELD_ROUNDS) {
            Thread.yield();
        } else if (rounds <= SPIN_ROUNDS + YIELD_ROUNDS + NAP_ROUNDS) {
            LockSupport.parkNanos(this, NAP_NANOS);
        } else {
            sleeping = true;
            if (ring.size() == 0 && !stopped && !buffer.isClosed()) {
                LockSupport.parkNanos(this, MAX_PARK_NANOS);
            }
            sleeping = false;
            if (ring.size() > 0) {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
    }

    private void deliver(List<E> items) {
        for (int failures = 1; !stopped; failures++) {
            Throwable failure = attempt(items);
            if (failure == null || deadLetter(items, failure, failures)) {
                return;
            }
            long delayNanos = buffer.retry().delayNanos(failures);
            int attempt = failures;
            buffer.tell(told -> told.attemptFailed(buffer.name(), index, attempt, failure, delayNanos));
            pauseNanos(delayNanos);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the drain thread alone
    private @Nullable Throwable attempt(List<E> items) {
        long startNanos = System.nanoTime();
        attempting = true;
        try {
            buffer.sink().accept(items);
            delivered += items.size();
            inHand = 0;
        } catch (Throwable e) { // an Error must neither end the thread nor lose the batch
            failedAttempts++;
            lastFailure = e;
            return e;
        } finally {
            attempting = false;
        }
        long durationNanos = System.nanoTime() - startNanos;
        buffer.tell(told -> told.batchDelivered(buffer.name(), index, items.size(), durationNanos));
        return null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the drain thread alone
    private boolean deadLetter(List<E> items, Throwable failure, int failures) {
        DeadLetterHandler<E> handler = buffer.deadLetters();
        if (handler == null || failures < buffer.maxAttempts()) {
            return false;
        }
        try {
            handler.handle(items, failure);
        } catch (Throwable e) { // kept and tried again, as if there were no handler
            failure.addSuppressed(e);
            return false;
        }
        deadLettered += items.size();
        inHand = 0;
        buffer.tell(told -> told.batchDeadLettered(buffer.name(), index, items.size(), failure));
        return true;
    }

    private void pauseNanos(long nanos) {
        long deadlineNanos = System.nanoTime() + nanos;
        long leftNanos = nanos;
        while (leftNanos > 0 && !stopped) {
            LockSupport.parkNanos(this, leftNanos);
            Thread.interrupted(); // nothing here can be interrupted; left set, it would turn the pause into a busy loop
            leftNanos = deadlineNanos - System.nanoTime();
        }
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Waits for the thread to end. Returns whether it has. */
    boolean join(long deadlineNanos) throws InterruptedException {
        long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
        if (leftMillis > 0) {
            thread.join(leftMillis);
        }
        return !thread.isAlive();
    }

    /** Gives up: the thread ends as soon as the sink lets it. */
    void stop() {
        stopped = true;
        if (attempting) {
            thread.interrupt();
        }
        LockSupport.unpark(thread);
    }

    void addTo(StripedBuffer.Totals totals) {
        RingBufferStats stats = ring.stats();
        totals.rejected += stats.totalRejected();
        totals.overwritten += stats.totalDropped() - stats.totalRejected();
        totals.accepted += stats.totalWrites();
        totals.delivered += delivered;
        totals.deadLettered += deadLettered;
        totals.failedAttempts += failedAttempts;
        totals.inDoubt += attempting ? inHand : 0;
        totals.failure = totals.failure != null ? totals.failure : inHand > 0 ? lastFailure : null;
    }
}
