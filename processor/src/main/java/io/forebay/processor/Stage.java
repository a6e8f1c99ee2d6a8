package io.forebay.processor;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.buffer.Reader;
import io.forebay.buffer.RingBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The ring buffer in which records arrive, and the policy of who is let in when it is full.
 *
 * <p>The StreamThread is the only writer and the only one that drains, so it knows how full the ring is, and the policy is its
 * own business: the ring itself overwrites. So those who follow it from other threads never hold anything up, and see what has
 * been drained for as long as it is not overwritten.
 *
 * <p>Belongs to the StreamThread, but for the ring's readers and the two sizes.
 */
final class Stage<T> {

    private final OverflowStrategy overflow;
    private final RingBuffer<T> ring;
    private final Reader<T> reader;
    private final Consumer<T> target;

    /** The sizes of what is in the ring, slot by slot. */
    private final long[] slotBytes;

    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong pendingBytes = new AtomicLong();
    private long written;

    Stage(String name, int capacity, OverflowStrategy overflow, Consumer<T> target) {
        this.overflow = overflow;
        this.target = target;
        this.slotBytes = new long[capacity];
        this.ring = RingBuffer.<T>builder()
                .capacity(capacity)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .name(name)
                .build();
        this.reader = ring.gatingReader();
    }

    /** For those who follow. */
    RingBuffer<T> ring() {
        return ring;
    }

    /** How many wait to be drained; for any thread. */
    long size() {
        return pending.getOpaque();
    }

    /** Their bytes; for any thread. */
    long sizeBytes() {
        return pendingBytes.getOpaque();
    }

    /** Takes an item, or sheds one; under {@code BLOCK} makes room by draining. Returns how many were shed: 0 or 1. */
    int add(T item, long bytes) {
        if (pending.getPlain() < slotBytes.length) {
            write(item, bytes, 1, 0);
            return 0;
        }
        switch (overflow) {
            case BLOCK -> {
                drain();
                write(item, bytes, 1, 0);
                return 0;
            }
            case DROP_OLDEST -> {
                write(item, bytes, 0, slotBytes[slot()]);
                return 1;
            }
            default -> {
                return 1;
            }
        }
    }

    private void write(T item, long bytes, int more, long overwrittenBytes) {
        slotBytes[slot()] = bytes;
        ring.write(item);
        written++;
        pending.setOpaque(pending.getPlain() + more);
        pendingBytes.setOpaque(pendingBytes.getPlain() + bytes - overwrittenBytes);
    }

    private int slot() {
        return (int) (written & (slotBytes.length - 1));
    }

    /** Hands everything to the target. */
    void drain() {
        reader.drain(target, Integer.MAX_VALUE);
        pending.setOpaque(0);
        pendingBytes.setOpaque(0);
    }
}
