package io.forebay.buffer;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** An immutable view of a range of an array that nobody writes to any more. */
final class Batch<T> extends AbstractList<T> implements RandomAccess {
    private final @Nullable Object[] elements;
    private final int from;
    private final int size;

    Batch(@Nullable Object[] elements, int from, int to) {
        this.elements = elements;
        this.from = from;
        this.size = to - from;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T get(int index) {
        Objects.checkIndex(index, size);
        return (T) Objects.requireNonNull(elements[from + index]);
    }

    @Override
    public int size() {
        return size;
    }
}
