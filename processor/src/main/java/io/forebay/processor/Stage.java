package io.forebay.processor;

import io.forebay.buffer.OverflowStrategy;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Where records arrive, and the policy of who is let in when it is full. The StreamThread is the only one that adds and drains, so this is
 * a plain queue; what others may see of it goes into a {@link LiveRing}.
 *
 * <p>Belongs to the StreamThread, but for the two sizes.
 */
final class Stage<T> {

    private record Item<T>(T content, long bytes) {}

    private final OverflowStrategy overflow;
    private final int capacity;
    private final Consumer<T> target;
    private final ArrayDeque<Item<T>> items = new ArrayDeque<>();
    private final AtomicLong size = new AtomicLong();
    private final AtomicLong sizeBytes = new AtomicLong();

    Stage(int capacity, OverflowStrategy overflow, Consumer<T> target) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.target = target;
    }

    /** How many wait to be drained; for any thread. */
    long size() {
        return size.getOpaque();
    }

    /** Their bytes; for any thread. */
    long sizeBytes() {
        return sizeBytes.getOpaque();
    }

    /** What has become of an item, and of others for its sake. */
    enum Admission {
        /** It is in. */
        TAKEN,
        /** It is in, and the oldest one is not any more. */
        TAKEN_FOR_THE_OLDEST,
        /** It is not. */
        REFUSED
    }

    /** Takes an item, or sheds one; under {@code BLOCK} makes room by draining. */
    Admission add(T content, long bytes) {
        boolean full = items.size() == capacity;
        if (full && overflow == OverflowStrategy.DROP_NEWEST) {
            return Admission.REFUSED;
        }
        long shedBytes = 0;
        if (full && overflow == OverflowStrategy.DROP_OLDEST) {
            shedBytes = items.removeFirst().bytes();
        } else if (full) {
            drain();
        }
        items.addLast(new Item<>(content, bytes));
        sizes(sizeBytes.getPlain() + bytes - shedBytes);
        return full && overflow == OverflowStrategy.DROP_OLDEST ? Admission.TAKEN_FOR_THE_OLDEST : Admission.TAKEN;
    }

    /** Hands everything to the target. */
    void drain() {
        for (Item<T> item = items.pollFirst(); item != null; item = items.pollFirst()) {
            target.accept(item.content());
        }
        sizes(0);
    }

    private void sizes(long bytes) {
        size.setOpaque(items.size());
        sizeBytes.setOpaque(bytes);
    }
}
