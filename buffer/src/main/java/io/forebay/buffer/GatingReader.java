package io.forebay.buffer;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader that writers wait for: nothing at or after its <em>gate</em> is overwritten, so it may read slots without
 * validating them.
 *
 * <p>A batch is read in three steps: with the latch held, the position moves past the batch; without it, the events go to the
 * consumer straight from the slots; with the latch held, the gate follows. While the middle step runs, nobody else moves the
 * gate.
 *
 * <p>Events are released (their slots let go of them) by the reader that is the last to have them behind it, before it moves
 * its gate. With several gating readers each first announces with a full fence what it has delivered, and then looks at what the others
 * have announced: of two that finish at the same time, at least one sees the other. As long as a tailing reader is open,
 * events stay for it until they are overwritten.
 *
 * <p>A drain that follows on the heels of a busy writer takes the cache lines away from it that it is writing to, and both become
 * slow. Therefore, after a batch that was short but not empty, the next look is put off for about a microsecond, in which the writer
 * gets a few cache lines ahead. A reader that finds nothing, or takes single events with {@code poll}, is not held up.
 */
final class GatingReader<E> extends RingReader<E> {
    /** The gate moves at least this often, so that writers do not wait for the whole of a long drain. */
    private static final int MAX_BATCH = 1024;

    /** A drain that finds fewer events than this has caught up with the writers. */
    private static final int CAUGHT_UP_BATCH = 64;

    /** About a microsecond. */
    private static final int HEAD_START_SPINS = 32;

    private final PaddedLong gate;
    private final PaddedLong delivered;
    private final int batchLimit;
    private boolean delivering;
    private boolean caughtUp;

    GatingReader(RingBuffer<E> ring, long position) {
        super(ring, position);
        this.gate = new PaddedLong(position);
        this.delivered = new PaddedLong(position);
        this.batchLimit = Math.max(1, Math.min(MAX_BATCH, ring.capacity() / 4));
    }

    /** Writers may not overwrite this position nor any after it. */
    long gate() {
        return gate.lv();
    }

    @Override
    @Nullable
    E takePublished() {
        latch();
        try {
            checkReadable();
            long from = position.lp();
            if (!slots.isPublished(from)) {
                return null;
            }
            E event = presentElement(from);
            position.so(from + 1);
            reads++;
            release(from, from + 1);
            gate.so(from + 1);
            return event;
        } finally {
            unlatch();
        }
    }

    @Override
    public int drain(Consumer<? super E> consumer, int max) {
        Objects.requireNonNull(consumer, "consumer");
        int total = 0;
        int batch = Integer.MAX_VALUE;
        for (int rounds = 0; total < max && (batch >= batchLimit || (total == 0 && isNextClaimed())); rounds++) {
            if (batch == 0) {
                pauseForWriter(rounds);
            }
            batch = deliver(consumer, Math.min(batchLimit, max - total));
            total += batch;
        }
        return total;
    }

    @Override
    public long missed() {
        return 0;
    }

    private int deliver(Consumer<? super E> consumer, int max) {
        if (caughtUp) {
            giveHeadStart();
        }
        long from;
        int count;
        latch();
        try {
            checkReadable();
            from = position.lp();
            count = slots.countPublished(from, max);
            caughtUp = count > 0 && count < Math.min(max, CAUGHT_UP_BATCH);
            if (count == 0) {
                return 0;
            }
            position.so(from + count);
            delivering = true;
        } finally {
            unlatch();
        }
        boolean alone = ring.readers().isOnlyReader();
        long next = from;
        long end = from + count;
        try {
            while (next != end) {
                E event = presentElement(next);
                if (alone) {
                    slots.release(next);
                }
                next++;
                consumer.accept(event);
            }
        } finally {
            endDelivery(from, next, end, alone);
        }
        return count;
    }

    private static void giveHeadStart() {
        for (int spins = 0; spins < HEAD_START_SPINS; spins++) {
            Thread.onSpinWait();
        }
    }

    private void endDelivery(long from, long next, long end, boolean released) {
        latch();
        try {
            if (position.lp() == end) {
                position.so(next);
            } else {
                slots.release(next, end); // the ring was cleared meanwhile, and the consumer failed
            }
            reads += next - from;
            if (released) {
                delivered.so(next);
            } else {
                release(from, next);
            }
            delivering = false;
            gate.so(position.lp());
        } finally {
            unlatch();
        }
    }

    private void release(long from, long to) {
        RingReaders<E> readers = ring.readers();
        if (readers.isOnlyReader()) {
            delivered.so(to);
            slots.release(from, to);
        } else {
            delivered.sv(to);
            slots.release(from, readers.releasableUpTo(to));
        }
    }

    long delivered() {
        return delivered.lv();
    }

    /** The position, read in a moment in which it does not change; what is before it is, or is being, delivered. */
    long settledPosition() {
        latch();
        try {
            return position.lp();
        } finally {
            unlatch();
        }
    }

    /**
     * First half of clearing: moves the position.
     *
     * @return the first position that this reader is neither delivering nor has delivered
     */
    long skipForClear(long target) {
        latch();
        try {
            long before = position.lp();
            if (target - before > 0) {
                position.so(target);
            }
            return before;
        } finally {
            unlatch();
        }
    }

    boolean isDelivering() {
        latch();
        try {
            return delivering;
        } finally {
            unlatch();
        }
    }

    /** Second half of clearing: lets writers use what was cleared, unless a delivery is still going on and will do so. */
    void openGate() {
        latch();
        try {
            if (!delivering) {
                delivered.so(position.lp());
                gate.so(position.lp());
            }
        } finally {
            unlatch();
        }
    }

    private E presentElement(long at) {
        E event = slots.element(at);
        if (event == null) {
            checkReadable();
            throw new IllegalStateException("no event at position=" + at + " of ring " + ring.name());
        }
        return event;
    }

    private void checkReadable() {
        checkOpen();
        if (delivering) {
            throw new IllegalStateException(
                    "reader of ring " + ring.name() + " is delivering a batch: its consumer must not read from it");
        }
    }
}
