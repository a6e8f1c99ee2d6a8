package io.forebay.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of reader share: a position, counters, and a latch that guards them.
 *
 * <p>The latch is held for a few instructions and never while foreign code runs. It keeps apart the thread that reads and
 * those that move the position from outside: {@link RingBuffer#clear()} and the settling of losses.
 */
abstract class RingReader<E> implements Reader<E> {
    private static final int SPINS_FOR_WRITER = 100;
    private static final VarHandle LATCH;

    static {
        try {
            LATCH = MethodHandles.lookup().findVarHandle(RingReader.class, "latch", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final RingBuffer<E> ring;
    final RingSlots<E> slots;
    final PaddedLong position;
    long reads;
    volatile long missed;
    private volatile boolean closed;

    @SuppressWarnings("UnusedVariable") // accessed through LATCH
    private int latch;

    RingReader(RingBuffer<E> ring, long position) {
        this.ring = ring;
        this.slots = ring.slots();
        this.position = new PaddedLong(position);
    }

    /** Takes the next event if it is published. */
    abstract @Nullable E takePublished();

    /**
     * Null only if there is nothing: a position that is claimed is about to be published, and events that were accepted
     * meanwhile may be waiting behind it.
     */
    @Override
    public final @Nullable E poll() {
        E event = takePublished();
        for (int rounds = 0; event == null && isNextClaimed(); rounds++) {
            pauseForWriter(rounds);
            event = takePublished();
        }
        return event;
    }

    final boolean isNextClaimed() {
        return ring.cursor() - position.lp() > 0;
    }

    /** A writer publishes a few instructions after it has claimed, unless it is suspended in between. */
    static void pauseForWriter(int rounds) {
        if (rounds < SPINS_FOR_WRITER) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @Override
    public final @Nullable E poll(Duration timeout) throws InterruptedException {
        E event = poll();
        if (event != null) {
            return event;
        }
        Waiter waiter = new Waiter(ring.waitStrategy(), timeout);
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for an event of ring " + ring.name());
            }
            event = poll();
            if (event != null || waiter.expired()) {
                return event;
            }
            waiter.pause();
        }
    }

    @Override
    public final long position() {
        return position.lp();
    }

    @Override
    public final void close() {
        ring.readers().close(this);
    }

    final boolean isClosed() {
        return closed;
    }

    final void markClosed() {
        closed = true;
    }

    final void checkOpen() {
        if (closed) {
            throw new IllegalStateException("reader of ring " + ring.name() + " is closed");
        }
        ring.checkOpen();
    }

    /** Moves forward, if the position is before the given one; returns the position before the call. */
    final long skipTo(long target, boolean asMissed) {
        latch();
        try {
            long before = position.lp();
            long skipped = target - before;
            if (skipped > 0) {
                position.so(target);
                if (asMissed) {
                    addMissed(skipped);
                }
            }
            return before;
        } finally {
            unlatch();
        }
    }

    /** Only with the latch held, so that there is one thread at a time that adds. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    final void addMissed(long count) {
        missed += count;
    }

    final long readCount() {
        latch();
        try {
            return reads;
        } finally {
            unlatch();
        }
    }

    final void latch() {
        for (int spins = 0; !LATCH.compareAndSet(this, 0, 1); spins++) {
            if (spins < 100) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    final void unlatch() {
        LATCH.setRelease(this, 0);
    }
}
