package io.forebay.buffer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Items in the order in which they were pushed. Starts as large as the side that was sealed before it was full. */
final class ItemTable<E> implements Table<E> {
    private static final int MIN_CAPACITY = 16;
    private static final int MAX_INITIAL_CAPACITY = 1 << 17;

    private final @Nullable Comparator<? super E> order;
    private @Nullable Object[] items = new Object[MIN_CAPACITY];
    private int first;
    private int end;
    private long bytes;

    ItemTable(@Nullable Comparator<? super E> order) {
        this.order = order;
    }

    @Override
    public int size() {
        return end - first;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    void add(E item, long itemBytes) {
        if (end == items.length) {
            grow(1);
        }
        items[end++] = item;
        bytes += itemBytes;
    }

    void addAll(Object[] source, int from, int count, long itemBytes) {
        if (items.length - end < count) {
            grow(count);
        }
        System.arraycopy(source, from, items, end, count);
        end += count;
        bytes += itemBytes;
    }

    @SuppressWarnings("unchecked")
    void dropFirst(@Nullable ToLongFunction<? super E> weigher) {
        E item = (E) items[first];
        items[first++] = null;
        if (weigher != null && item != null) {
            bytes -= weigher.applyAsLong(item);
        }
    }

    @Override
    public List<E> peek() {
        return new Batch<>(items.clone(), first, end);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Sealed<E> seal() {
        if (order != null) {
            Arrays.sort((E[]) items, first, end, order);
        }
        Sealed<E> sealed = new Sealed<>(items, first, end, bytes);
        items = new Object[Math.max(MIN_CAPACITY, Math.min(end - first, MAX_INITIAL_CAPACITY))];
        first = 0;
        end = 0;
        bytes = 0;
        return sealed;
    }

    private void grow(int needed) {
        int size = size();
        int capacity = Math.max(size + needed, size + (size >> 1) + MIN_CAPACITY);
        @Nullable Object[] grown = size > items.length / 2 ? new Object[capacity] : items;
        if (grown == items && items.length - size < needed) {
            grown = new Object[capacity];
        }
        System.arraycopy(items, first, grown, 0, size);
        if (grown == items) {
            Arrays.fill(items, size, end, null);
        }
        items = grown;
        first = 0;
        end = size;
    }
}
