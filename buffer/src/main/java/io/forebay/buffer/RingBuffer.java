package io.forebay.buffer;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring of events with any number of writers and any number of readers, each of which sees every event.
 *
 * <pre>{@code
 * RingBuffer<Event> ring = RingBuffer.<Event>builder().capacity(4096).overflow(OverflowStrategy.BLOCK).build();
 * Reader<Event> reader = ring.gatingReader();
 * ring.write(event);
 * reader.drain(this::handle, 100);
 * }</pre>
 *
 * <p><b>Positions.</b> The first event has position 0, each next one the next; the slot of a position is the position modulo
 * the capacity. A writer first <em>claims</em> a position from the cursor, then stores and <em>publishes</em> (see {@link RingSlots} for the
 * states of a slot). A reader takes an event from the slot of its own position alone, never by the cursor, and therefore never sees a
 * position that was claimed but not published. It looks at the cursor only before it says that there is nothing: behind a position
 * that is claimed and not yet published there may be accepted events, so it waits for that position, and reading stays linearizable.
 *
 * <p><b>Rings that keep</b> ({@code BLOCK}, {@code DROP_NEWEST}). A writer claims by compare-and-set and only if the position
 * is less than the slowest gate plus the capacity. Every gating reader has passed the earlier lap of that slot, so its owner is
 * alone with it. As long as no gating reader has been opened, events are kept for the first one; when the last is closed, for the next.
 *
 * <p><b>Rings that overwrite</b> ({@code DROP_OLDEST}). A writer claims by fetch-and-add and never looks at readers. It takes
 * the slot away from the lap before by compare-and-set. Three things can have happened: the slot is held by an earlier lap (the
 * normal case); a later lap was faster, then the event counts as overwritten; a writer of an earlier lap is suspended in the
 * middle of storing, then after a few spins the position is abandoned and counts as dropped, because waiting would make
 * every writer the hostage of one suspended thread. No reader holds writers up on such a ring; one that was opened as gating decides what
 * counts as dropped.
 *
 * <p><b>Memory.</b> Fixed at construction; writing and reading allocate nothing. A ring that keeps lets go of an event when the
 * last reader has it behind it; a ring that overwrites lets go of it when it is overwritten, cleared or closed, since it never knows who may
 * still come to read it.
 *
 * <p><b>Threads.</b> All methods may be called by any thread; readers belong to one thread at a time. Writing and reading are
 * O(1) and lock-free for writers, except that a {@code BLOCK} writer waits for room. A reader waits for a writer that has claimed and not yet
 * published its next position, and for a {@link #clear()} or {@link #stats()} that is just moving its position.
 *
 * @param <E> the type of the events
 */
public final class RingBuffer<E> implements AutoCloseable {
    private static final int BUSY_SLOT_SPINS = 100;
    /** About half a microsecond. */
    private static final int COLLISION_SPINS = 16;

    private enum State {
        OPEN,
        /** The end is being claimed: a writer has to wait until it is known. */
        ENDING,
        /** Writers are refused, readers go on. */
        ENDED,
        CLOSED
    }

    private final String name;
    private final int capacity;
    private final OverflowStrategy overflow;
    private final WaitStrategy waitStrategy;
    private final Duration blockTimeout;
    private final long firstPosition;
    private final RingSlots<E> slots;
    private final RingReaders<E> readers;
    private final PaddedLong cursor;
    /** A lower bound of the slowest gate plus the capacity. */
    private final PaddedLong limit;

    private final PaddedLong rejected = new PaddedLong(0);
    private volatile State state = State.OPEN;
    private volatile long end;

    private RingBuffer(Builder<E> builder) {
        name = builder.name != null ? builder.name : "ring-" + Builder.NAMES.incrementAndGet();
        capacity = builder.capacity;
        overflow = builder.overflow;
        waitStrategy = builder.waitStrategy;
        blockTimeout = builder.blockTimeout;
        firstPosition = builder.firstPosition;
        slots = new RingSlots<>(capacity, firstPosition);
        cursor = new PaddedLong(firstPosition);
        limit = new PaddedLong(firstPosition + capacity);
        readers = new RingReaders<>(this, firstPosition);
    }

    /** Starts the configuration of a ring; everything has a default. */
    public static <E> Builder<E> builder() {
        return new Builder<>();
    }

    /**
     * Writes an event.
     *
     * <p>{@code DROP_OLDEST}: always true. {@code DROP_NEWEST}: false if the ring is full; the event is counted as dropped. {@code BLOCK}:
     * waits for room; false if there was none within the time-out, or if the thread was interrupted (its interrupt status is
     * then set); the event is counted as dropped.
     *
     * @return whether the event was accepted
     * @throws IllegalStateException if the ring is, or while waiting gets, closed
     */
    public boolean write(E event) {
        if (overflow == OverflowStrategy.DROP_OLDEST) {
            return overwrite(event);
        }
        return offer(event) || (overflow == OverflowStrategy.BLOCK ? offerWaiting(event) : reject());
    }

    /**
     * Writes an event without ever waiting. The same as {@link #write} except on a {@code BLOCK} ring: false if it is full, and
     * nothing is counted as dropped, since the caller still has the event.
     *
     * @return whether the event was accepted
     * @throws IllegalStateException if the ring is closed
     */
    public boolean tryWrite(E event) {
        return overflow == OverflowStrategy.BLOCK ? offer(event) : write(event);
    }

    private boolean offer(E event) {
        Objects.requireNonNull(event, "event");
        checkWritable();
        long position;
        do {
            position = cursor.lv();
            if (limit.lp() - position <= 0 && !raiseLimit(position)) {
                return false;
            }
        } while (!cursor.cas(position, position + 1));
        refusePastEnd(position);
        slots.publish(position, event);
        return true;
    }

    private boolean raiseLimit(long position) {
        long raised = readers.slowestGate() + capacity;
        limit.so(raised);
        return raised - position > 0;
    }

    private boolean offerWaiting(E event) {
        Waiter waiter = new Waiter(waitStrategy, blockTimeout);
        while (!Thread.currentThread().isInterrupted() && !waiter.expired()) {
            waiter.pause();
            if (offer(event)) {
                return true;
            }
        }
        return reject();
    }

    private boolean reject() {
        rejected.getAndAdd(1);
        return false;
    }

    private boolean overwrite(E event) {
        Objects.requireNonNull(event, "event");
        checkWritable();
        long position = cursor.getAndAdd(1);
        refusePastEnd(position);
        for (int spins = 0; spins < BUSY_SLOT_SPINS; spins++) {
            switch (slots.seize(position)) {
                case SEIZED -> {
                    boolean collided = !slots.isPublished(position - 1);
                    slots.publishSeized(position, event);
                    if (collided) {
                        giveWay();
                    }
                    return true;
                }
                case LAPPED -> {
                    return true;
                }
                case BUSY -> Thread.onSpinWait();
            }
        }
        readers.abandon(position);
        return true;
    }

    /**
     * Another writer is in the middle of the position before: while this one stands back for a moment, the other has the cache lines of the
     * cursor and the slots to itself.
     */
    private static void giveWay() {
        for (int spins = 0; spins < COLLISION_SPINS; spins++) {
            Thread.onSpinWait();
        }
    }

    /**
     * Opens a reader that writers respect: they wait or are rejected rather than overwrite what it has not read. It starts with
     * the oldest event that every other gating reader still has before it; if it is the first, with the oldest event there is.
     *
     * <p>On a {@code DROP_OLDEST} ring writers respect nobody: the reader may be lapped, and its losses count as the ring's.
     *
     * @throws IllegalStateException if the ring is closed
     */
    public Reader<E> gatingReader() {
        return overwrites() ? readers.openTailing(true) : readers.openGating();
    }

    /**
     * Opens a reader that writers do not respect, at the oldest event there is. When it is lapped, it goes on with the oldest
     * event that is left, and {@link Reader#missed()} says how many it did not get.
     *
     * @throws IllegalStateException if the ring is closed
     */
    public Reader<E> tailingReader() {
        return readers.openTailing(false);
    }

    /**
     * Opens a tailing reader at a position; {@code tailingReader(ring.writePosition())} sees only what is written from now on. What was
     * already overwritten at that position counts as missed.
     *
     * @throws IllegalStateException if the ring is closed
     */
    public Reader<E> tailingReader(long position) {
        return readers.openTailing(position, false);
    }

    /** A snapshot of the counters. Also works on a closed ring. */
    public RingBufferStats stats() {
        return readers.stats(rejected.lv());
    }

    /**
     * Discards everything that was published and not read: all readers go on behind it. The discarded events are neither
     * dropped nor missed but counted by themselves.
     *
     * @throws IllegalStateException if the ring is closed
     */
    public void clear() {
        checkOpen();
        readers.clear();
    }

    /** Lets go of all events, and makes every later call, and every waiting one, fail. Closing twice does nothing. */
    @Override
    public void close() {
        state = State.CLOSED;
        slots.releaseAll();
    }

    public String name() {
        return name;
    }

    public int capacity() {
        return capacity;
    }

    /** How many events have not been read by the slowest reader that counts. */
    public int size() {
        return (int) Math.max(0, Math.min(capacity, cursor() - readers.slowestPosition()));
    }

    /** The position of the next event to be written. */
    public long writePosition() {
        return cursor();
    }

    boolean overwrites() {
        return overflow == OverflowStrategy.DROP_OLDEST;
    }

    boolean isLapped(long position) {
        return cursor() - capacity - position > 0;
    }

    /**
     * Ends writing while reading goes on: every event that was or will be answered as accepted has a position before the end.
     *
     * <p>The end is claimed from the cursor like a position. A writer that claims a later one has, by that claim, also seen that the
     * ring is ending; it waits for the end to be known and then refuses its event.
     *
     * @return the end
     */
    synchronized long end() {
        if (state == State.OPEN) {
            state = State.ENDING;
            end = cursor.getAndAdd(1);
            state = State.ENDED;
        }
        return end;
    }

    private void refusePastEnd(long position) {
        if (state == State.OPEN) {
            return;
        }
        while (state == State.ENDING) {
            Thread.onSpinWait();
        }
        if (state == State.ENDED && position - end >= 0) {
            throw closedException();
        }
    }

    void checkOpen() {
        if (state == State.CLOSED) {
            throw closedException();
        }
    }

    private void checkWritable() {
        if (state != State.OPEN && state != State.ENDING) {
            throw closedException();
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException("ring " + name + " is closed");
    }

    /** The position after the last one that was claimed for an event. */
    long cursor() {
        return state == State.ENDED ? end : cursor.lv();
    }

    long firstPosition() {
        return firstPosition;
    }

    RingSlots<E> slots() {
        return slots;
    }

    RingReaders<E> readers() {
        return readers;
    }

    WaitStrategy waitStrategy() {
        return waitStrategy;
    }

    /** Configures a ring. Not thread-safe; may be used for several rings, which then need different names. */
    public static final class Builder<E> {
        private static final int MAX_CAPACITY = 1 << 30;
        private static final AtomicLong NAMES = new AtomicLong();

        private @Nullable String name;
        private int capacity = 1024;
        private OverflowStrategy overflow = OverflowStrategy.DROP_OLDEST;
        private WaitStrategy waitStrategy = WaitStrategy.PARK;
        private Duration blockTimeout = Duration.ofSeconds(30);
        private long firstPosition;

        private Builder() {}

        /** Number of slots: a power of two from 2 to 2^30; 1024 unless told. */
        public Builder<E> capacity(int slots) {
            if (slots < 2 || slots > MAX_CAPACITY || Integer.bitCount(slots) != 1) {
                throw new IllegalArgumentException("capacity must be a power of two from 2 to 2^30: capacity=" + slots);
            }
            capacity = slots;
            return this;
        }

        /** What to do when the ring is full; {@code DROP_OLDEST} unless told. */
        public Builder<E> overflow(OverflowStrategy strategy) {
            overflow = Objects.requireNonNull(strategy, "overflow");
            return this;
        }

        /** A name for messages and metrics; a unique one is generated unless told. */
        public Builder<E> name(String ringName) {
            if (ringName.isBlank()) {
                throw new IllegalArgumentException("name must not be blank: name=\"" + ringName + '"');
            }
            name = ringName;
            return this;
        }

        /** How writers of a {@code BLOCK} ring and waiting readers wait; {@link WaitStrategy#PARK} unless told. */
        public Builder<E> waitStrategy(WaitStrategy strategy) {
            waitStrategy = Objects.requireNonNull(strategy, "waitStrategy");
            return this;
        }

        /** How long a writer of a {@code BLOCK} ring waits for room at most; 30 s unless told. */
        public Builder<E> blockTimeout(Duration timeout) {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException("blockTimeout must not be negative: blockTimeout=" + timeout);
            }
            blockTimeout = timeout;
            return this;
        }

        /** The position of the first event; 0 unless told. Positions may pass {@link Long#MAX_VALUE}. */
        public Builder<E> firstPosition(long position) {
            firstPosition = position;
            return this;
        }

        public RingBuffer<E> build() {
            return new RingBuffer<>(this);
        }
    }
}
