package io.forebay.buffer;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A double buffer of items in the order of their arrival: nothing is ever overwritten, every accepted item is handed over
 * exactly once unless an attempt fails halfway.
 *
 * <pre>{@code
 * QueueBuffer<Event> buffer = QueueBuffer.<Event>builder(batch -> sink.write(batch)).batchSize(500).start();
 * buffer.push(event);
 * buffer.close(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p>Order is per partition. See {@link DoubleBuffer} for partitions, threads and failures. {@code push} is amortised O(1).
 *
 * @param <E> the type of the items
 */
public final class QueueBuffer<E> extends DoubleBuffer<E> {
    private static final int HASH_SPREAD = 0x9E3779B9;
    private static final long[] NO_WEIGHTS = {};

    private final List<Lane<E, ItemTable<E>>> lanes;
    private final @Nullable ToIntFunction<? super E> route;
    private final @Nullable ToLongFunction<? super E> weigher;

    private QueueBuffer(Builder<E> builder, boolean handDriven) {
        super(builder, deliverTo(builder.processor), handDriven);
        route = builder.route;
        weigher = builder.weigher;
        checkOptions(options());
        lanes = IntStream.range(0, partitions())
                .mapToObj(i -> new Lane<E, ItemTable<E>>(i, new ItemTable<>(builder.order), !handDriven))
                .toList();
        begin(lanes);
    }

    private static <E> Delivery<E> deliverTo(BatchProcessor<E> processor) {
        return batch -> {
            processor.process(batch);
            return batch.size();
        };
    }

    /** Starts the configuration of a buffer that hands its items to the given processor. */
    public static <E> Builder<E> builder(BatchProcessor<E> processor) {
        return new Builder<>(processor);
    }

    /**
     * Adds an item to the partition that it is routed to.
     *
     * @return whether the item was accepted; false if there was no room, as {@link BufferOptions#overflow()} says
     * @throws IllegalStateException if the buffer is closed
     * @throws BufferFailedException if the partition has failed and keeps what it has
     */
    public boolean push(E item) {
        return push(partitionOf(item), item);
    }

    /**
     * Adds an item to a given partition.
     *
     * @return whether the item was accepted
     * @throws IndexOutOfBoundsException if there is no such partition
     * @throws IllegalStateException if the buffer is closed
     * @throws BufferFailedException if the partition has failed and keeps what it has
     */
    public boolean push(int partition, E item) {
        Objects.requireNonNull(item, "item");
        Lane<E, ItemTable<E>> lane = lanes.get(partition);
        long bytes = weigh(item);
        boolean accepted;
        boolean due;
        long lost;
        lane.enter();
        try {
            long lostBefore = lane.dropped + lane.rejected;
            accepted = admission().makeRoom(lane, bytes);
            if (accepted) {
                lane.active.add(item, bytes);
                lane.lock.accepted++;
            }
            due = isDue(lane);
            lost = lane.dropped + lane.rejected - lostBefore;
        } finally {
            lane.exit();
        }
        afterWrite(lane, due, lost);
        return accepted;
    }

    /**
     * Adds items in the order of the collection, each to the partition that it is routed to. Cheaper than one by one.
     *
     * @return how many were accepted
     * @throws IllegalStateException if the buffer is closed
     * @throws BufferFailedException if a partition has failed; items before may have been accepted in this and other partitions
     */
    @SuppressWarnings("unchecked")
    public int pushAll(Collection<? extends E> items) {
        E[] array = (E[]) items.toArray();
        for (E item : array) {
            Objects.requireNonNull(item, "item");
        }
        if (lanes.size() == 1) {
            return pushRange(lanes.get(0), array, array.length);
        }
        return pushRouted(array);
    }

    /** Sorts the items by partition (counting sort, stable), then enters each partition once. */
    @SuppressWarnings("unchecked")
    private int pushRouted(E[] items) {
        int[] partition = new int[items.length];
        int[] ends = new int[lanes.size()];
        for (int i = 0; i < items.length; i++) {
            partition[i] = partitionOf(items[i]);
            ends[partition[i]]++;
        }
        for (int p = 1; p < ends.length; p++) {
            ends[p] += ends[p - 1];
        }
        E[] sorted = (E[]) new Object[items.length];
        int[] starts = ends.clone();
        for (int i = items.length - 1; i >= 0; i--) {
            sorted[--starts[partition[i]]] = items[i];
        }
        int accepted = 0;
        for (int p = 0; p < ends.length; p++) {
            if (ends[p] > starts[p]) {
                accepted +=
                        pushRange(lanes.get(p), Arrays.copyOfRange(sorted, starts[p], ends[p]), ends[p] - starts[p]);
            }
        }
        return accepted;
    }

    private int pushRange(Lane<E, ItemTable<E>> lane, E[] items, int count) {
        long[] bytes = weigher == null
                ? NO_WEIGHTS
                : Arrays.stream(items).mapToLong(this::weigh).toArray();
        int accepted = 0;
        boolean due;
        long lost;
        lane.enter();
        try {
            long lostBefore = lane.dropped + lane.rejected;
            int fitting = weigher == null ? admission().roomFor(lane, count) : 0;
            lane.active.addAll(items, 0, fitting, 0);
            lane.lock.accepted += fitting;
            accepted = fitting;
            for (int i = fitting; i < count; i++) {
                long itemBytes = weigher == null ? 0 : bytes[i];
                if (admission().makeRoom(lane, itemBytes)) {
                    lane.active.add(items[i], itemBytes);
                    lane.lock.accepted++;
                    accepted++;
                }
            }
            due = isDue(lane);
            lost = lane.dropped + lane.rejected - lostBefore;
        } finally {
            lane.exit();
        }
        afterWrite(lane, due, lost);
        return accepted;
    }

    private long weigh(E item) {
        if (weigher == null) {
            return 0;
        }
        long bytes = weigher.applyAsLong(item);
        if (bytes < 0) {
            throw new IllegalArgumentException("weigher of buffer " + name()
                    + " must not return a negative weight: bytes=" + bytes + ", item=" + item);
        }
        return bytes;
    }

    private int partitionOf(E item) {
        if (lanes.size() == 1) {
            return 0;
        }
        int value = route != null ? route.applyAsInt(item) : (item.hashCode() * HASH_SPREAD) >>> 16;
        return Math.floorMod(value, lanes.size());
    }

    @Override
    @SuppressWarnings("unchecked")
    void dropFirst(Lane<E, ?> lane) {
        ((Lane<E, ItemTable<E>>) lane).active.dropFirst(weigher);
    }

    @Override
    void checkOptions(BufferOptions changed) {
        Weighers.check(changed, weigher);
    }

    /** Configures a {@link QueueBuffer}. */
    public static final class Builder<E> extends BufferBuilder<E, Builder<E>> {
        private @Nullable ToIntFunction<? super E> route;
        private @Nullable ToLongFunction<? super E> weigher;
        private @Nullable Comparator<? super E> order;

        private Builder(BatchProcessor<E> processor) {
            super(processor);
        }

        @Override
        Builder<E> self() {
            return this;
        }

        /** What an item weighs in bytes, for {@code maxBytes} and {@code drainThresholdBytes}. */
        public Builder<E> weigher(ToLongFunction<? super E> bytesOfItem) {
            weigher = bytesOfItem;
            return this;
        }

        /** Which partition an item belongs to, modulo the number of partitions; its hash code decides unless told. */
        public Builder<E> routeBy(ToIntFunction<? super E> partitionOfItem) {
            route = partitionOfItem;
            return this;
        }

        /** The order within a sealed side, instead of the order of arrival. Equal items keep the order of arrival. */
        public Builder<E> sortBy(Comparator<? super E> orderOfItems) {
            order = orderOfItems;
            return this;
        }

        /** Builds a buffer that drives itself. */
        public QueueBuffer<E> start() {
            return new QueueBuffer<>(this, false);
        }

        /** Builds a buffer that is driven by hand, by one thread. */
        public QueueBuffer<E> handDriven() {
            return new QueueBuffer<>(this, true);
        }
    }
}
