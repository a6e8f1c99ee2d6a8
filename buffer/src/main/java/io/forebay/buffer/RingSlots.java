package io.forebay.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a ring: an element and a sequence each.
 *
 * <p>The slot of position {@code p} has index {@code p & mask}. Its sequence tells what it holds:
 *
 * <pre>
 *   sequence == p              published: the element of position p is there
 *   sequence == p - 1          busy: a writer is storing the element of position p
 *   sequence == p - capacity   the lap before; position p has not been written yet
 *   sequence &gt;  p              a later lap: the element of position p is gone
 * </pre>
 *
 * Because a slot only ever sees positions that are equal modulo the capacity, and the capacity is at least two, "busy" can
 * not be mistaken for "published". Sequences are compared by their difference, so nothing happens when positions pass
 * {@link Long#MAX_VALUE}.
 *
 * <p>Storing is <em>busy, element (release), sequence (release)</em>; reading beside writers that do not wait is
 * <em>sequence (acquire), element (acquire), sequence</em>. A reader that got hold of a later element therefore also sees at
 * least the busy mark of its writer in the second look at the sequence, and throws the element away.
 */
final class RingSlots<E> {
    private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final int mask;
    private final long[] sequences;
    private final @Nullable Object[] elements;

    RingSlots(int capacity, long firstPosition) {
        mask = capacity - 1;
        sequences = new long[capacity];
        elements = new Object[capacity];
        for (int i = 0; i < capacity; i++) {
            long position = firstPosition + i;
            sequences[index(position)] = position - capacity;
        }
        VarHandle.releaseFence();
    }

    /** Stores and publishes; only for the one writer that owns the position and knows the slot to be free. */
    void publish(long position, E element) {
        int index = index(position);
        SEQUENCE.setOpaque(sequences, index, position - 1);
        store(index, position, element);
    }

    /** Takes a slot away from whatever earlier lap holds it. */
    Seizure seize(long position) {
        int index = index(position);
        while (true) {
            long sequence = (long) SEQUENCE.getVolatile(sequences, index);
            if (sequence - position >= 0) {
                return Seizure.LAPPED;
            }
            if (index(sequence) != index) {
                return Seizure.BUSY;
            }
            if (SEQUENCE.compareAndSet(sequences, index, sequence, position - 1)) {
                return Seizure.SEIZED;
            }
        }
    }

    /** Stores and publishes in a slot that was seized for this position. */
    void publishSeized(long position, @Nullable E element) {
        store(index(position), position, element);
    }

    boolean isPublished(long position) {
        return sequenceAt(position) == position;
    }

    /** How many positions in a row, from the given one on, are published; at most {@code max}. */
    int countPublished(long position, int max) {
        int count = 0;
        while (count < max && isPublished(position + count)) {
            count++;
        }
        return count;
    }

    long sequenceAt(long position) {
        return (long) SEQUENCE.getAcquire(sequences, index(position));
    }

    /** The element of a published position that no writer may overwrite meanwhile. */
    @SuppressWarnings("unchecked")
    @Nullable
    E element(long position) {
        return (E) elements[index(position)];
    }

    /** The element of a position whose slot may be overwritten at any time; null if that happened. */
    @SuppressWarnings("unchecked")
    @Nullable
    E elementIfStill(long position) {
        int index = index(position);
        if ((long) SEQUENCE.getAcquire(sequences, index) != position) {
            return null;
        }
        E element = (E) ELEMENT.getAcquire(elements, index);
        return (long) SEQUENCE.getOpaque(sequences, index) == position ? element : null;
    }

    /** Lets go of the element of a position that no writer may overwrite meanwhile. */
    void release(long position) {
        elements[index(position)] = null;
    }

    void release(long from, long to) {
        for (long position = from; to - position > 0; position++) {
            release(position);
        }
    }

    /** Lets go of the element of a position whose slot may be overwritten at any time. */
    void releaseIfStill(long position) {
        int index = index(position);
        if (SEQUENCE.compareAndSet(sequences, index, position, position - 1)) {
            publishSeized(position, null);
        }
    }

    /** Lets go of everything, when the ring is closed. */
    void releaseAll() {
        for (int i = 0; i < elements.length; i++) {
            ELEMENT.setOpaque(elements, i, null);
        }
    }

    private void store(int index, long position, @Nullable E element) {
        ELEMENT.setRelease(elements, index, element);
        SEQUENCE.setRelease(sequences, index, position);
    }

    private int index(long position) {
        return (int) position & mask;
    }

    /** What became of an attempt to take a slot from an earlier lap. */
    enum Seizure {
        SEIZED,
        /** A writer of an earlier lap is in the middle of storing its element. */
        BUSY,
        /** A later lap has been here already. */
        LAPPED
    }
}
