package io.forebay.buffer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sealed side of a partition: closed to writers, handed over batch by batch. The elements before {@code next} are done.
 * Guarded by its {@link Lane}; the batches themselves are immutable.
 */
final class Sealed<T> {
    private final @Nullable Object[] elements;
    private final int end;
    private int next;
    private long bytesLeft;

    Sealed(@Nullable Object[] elements, int from, int to, long bytes) {
        this.elements = elements;
        this.next = from;
        this.end = to;
        this.bytesLeft = bytes;
    }

    int size() {
        return end - next;
    }

    long bytes() {
        return bytesLeft;
    }

    List<T> peek(int max) {
        return new Batch<>(elements, next, max < end - next ? next + max : end);
    }

    /** The first elements are done. Their share of the bytes is taken to be proportional; the last one settles the account. */
    void advance(int count) {
        long share = count == size() ? bytesLeft : bytesLeft / size() * count;
        next += count;
        bytesLeft -= share;
    }
}
