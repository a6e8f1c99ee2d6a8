package io.forebay.processor;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.buffer.Reader;
import io.forebay.buffer.RingBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What one task shows to those who follow it: its last events, and only while there is somebody. It overwrites, so that they never hold
 * anything up. Nothing else of a record is in it.
 *
 * <p>Belongs to the StreamThread, but for its readers and the two sizes. Told apart by identity: a task may come back with another one.
 */
final class LiveRing<E> {

    private final int partition;
    private final BooleanSupplier followed;
    private final RingBuffer<E> ring;

    /** The sizes of what is in the ring, slot by slot. */
    private final long[] slotBytes;

    private final AtomicLong size = new AtomicLong();
    private final AtomicLong sizeBytes = new AtomicLong();
    private long written;

    /** @param followed whether there is somebody to whom this ring is, or may become, of interest */
    LiveRing(String name, int partition, int capacity, BooleanSupplier followed) {
        this.partition = partition;
        this.followed = followed;
        this.slotBytes = new long[capacity];
        this.ring = RingBuffer.<E>builder()
                .capacity(capacity)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .name(name)
                .build();
    }

    int partition() {
        return partition;
    }

    /** Starts to follow, with what comes from now on; for any thread. */
    Reader<E> readFromNow() {
        return ring.tailingReader(ring.writePosition());
    }

    /** Starts to follow with what came first; for any thread. */
    Reader<E> readFromTheBeginning() {
        return ring.tailingReader(0);
    }

    /** How many events are kept for those who follow; for any thread. */
    long size() {
        return size.getOpaque();
    }

    /** Their bytes; for any thread. */
    long sizeBytes() {
        return sizeBytes.getOpaque();
    }

    /** Shows an event, if there is somebody to see it. */
    void show(E event, long bytes) {
        if (!followed.getAsBoolean()) {
            letGo();
            return;
        }
        int slot = (int) (written & (slotBytes.length - 1));
        ring.write(event);
        written++;
        size.setOpaque(Math.min(slotBytes.length, size.getPlain() + 1));
        sizeBytes.setOpaque(sizeBytes.getPlain() + bytes - slotBytes[slot]);
        slotBytes[slot] = bytes;
    }

    /** Lets go of everything if nobody follows any more. Who comes now begins with what is shown after this. */
    void letGoUnlessFollowed() {
        if (!followed.getAsBoolean()) {
            letGo();
        }
    }

    private void letGo() {
        if (size.getPlain() > 0) {
            ring.clear();
            Arrays.fill(slotBytes, 0);
            size.setOpaque(0);
            sizeBytes.setOpaque(0);
        }
    }
}
