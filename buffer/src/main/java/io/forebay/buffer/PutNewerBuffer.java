package io.forebay.buffer;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.function.ToLongBiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A double buffer that holds one entry per key, the newest: writes of the same key are coalesced until they are handed over.
 *
 * <pre>{@code
 * PutNewerBuffer<String, State> buffer = PutNewerBuffer.<String, State>builder(batch -> upsert(batch))
 *     .storedVersions(this::readVersions)
 *     .start();
 * buffer.putNewer(key, state, version);
 * }</pre>
 *
 * <p><b>Newest wins.</b> {@code putNewer} writes if the key is unknown or known with a strictly older version. Known is what is on the
 * active side or in flight; what has been handed over is known if {@link Builder#storedVersions} is given: those are compared when an entry is
 * handed over. A delete is a write with a null value, and carries a version too. Versions are {@code long}, or of any one
 * {@link Comparable} type.
 *
 * <p>The order of a batch is the order in which its keys first came; there is no order between keys of different partitions.
 * See {@link DoubleBuffer} for partitions, threads and failures. Every operation is O(1), amortised for writes.
 *
 * <p><b>Overflow.</b> A key that is already on the active side is always updated, since that takes no more room. For a new key,
 * {@code BLOCK} and {@code DROP_NEWEST} apply. {@code DROP_OLDEST} is refused when the buffer is built: it would throw away the only copy of
 * the newest state of a key, after it was accepted, and leave an older one in the store for good.
 *
 * @param <K> the type of the keys; needs {@code equals} and {@code hashCode}; for byte arrays see {@link ByteKey}
 * @param <V> the type of the values
 */
public final class PutNewerBuffer<K, V> extends DoubleBuffer<VersionedEntry<K, V>> {
    /** In place of a number of entries: somebody else is inside the partition. */
    static final int OCCUPIED = -1;

    private static final int[] NO_WEIGHTS = {};

    private final List<EntryWriter<K, V>> writers;
    private final @Nullable ToIntFunction<? super K> route;
    private final @Nullable ToLongBiFunction<? super K, ? super @Nullable V> weigher;
    private final @Nullable StoredVersions<K> storedVersions;

    private PutNewerBuffer(Builder<K, V> builder, boolean handDriven) {
        super(builder, deliveryOf(builder), handDriven);
        route = builder.route;
        weigher = builder.weigher;
        storedVersions = builder.storedVersions;
        checkOptions(options());
        List<Lane<VersionedEntry<K, V>, EntryTable<K, V>>> lanes = IntStream.range(0, partitions())
                .mapToObj(i -> new Lane<VersionedEntry<K, V>, EntryTable<K, V>>(i, new EntryTable<>(), !handDriven))
                .toList();
        writers = lanes.stream().map(lane -> new EntryWriter<>(this, lane)).toList();
        begin(lanes);
    }

    private static <K, V> Delivery<VersionedEntry<K, V>> deliveryOf(Builder<K, V> builder) {
        BatchProcessor<VersionedEntry<K, V>> processor = builder.processor;
        if (builder.storedVersions != null) {
            return new NewerDelivery<>(builder.storedVersions, processor);
        }
        return batch -> {
            processor.process(batch);
            return batch.size();
        };
    }

    /** Starts the configuration of a buffer that hands its entries to the given processor. */
    public static <K, V> Builder<K, V> builder(BatchProcessor<VersionedEntry<K, V>> processor) {
        return new Builder<>(processor);
    }

    /**
     * Writes the value if no version of the key is known, or only a strictly older one.
     *
     * @param value the value; null deletes the key as of this version
     * @return whether it was written; false if it is outdated or there was no room
     * @throws IllegalArgumentException if the known version of the key is not a {@code long}
     * @throws IllegalStateException if the buffer is closed
     * @throws BufferFailedException if the partition has failed and keeps what it has
     */
    public boolean putNewer(K key, @Nullable V value, long version) {
        return write(key, value, version, null);
    }

    /**
     * The same as {@link #putNewer} with versions of another order, such as ULIDs as strings or as {@link ByteKey}.
     *
     * @throws IllegalArgumentException if the known version of the key is of another type
     */
    public boolean putNewerOrdered(K key, @Nullable V value, Comparable<?> version) {
        if (version instanceof Long number) {
            return write(key, value, number, null);
        }
        return write(key, value, 0, Objects.requireNonNull(version, "version"));
    }

    /** Deletes the key as of a version: writes a null value, which is handed over like any other. */
    public boolean deleteNewer(K key, long version) {
        return putNewer(key, null, version);
    }

    /**
     * Writes entries as {@link #putNewer} does, in the order of the collection. Cheaper than one by one.
     *
     * @return how many were written
     */
    @SuppressWarnings("unchecked")
    public int putAllNewer(Collection<VersionedEntry<K, V>> updates) {
        VersionedEntry<K, V>[] entries = updates.toArray(new VersionedEntry[0]);
        int[] weights = weightsOf(entries);
        if (writers.size() == 1) {
            return writers.get(0).putAllNewer(entries, null, weights);
        }
        int[] partitions = new int[entries.length];
        boolean[] used = new boolean[writers.size()];
        for (int i = 0; i < entries.length; i++) {
            partitions[i] = partitionOf(entries[i].key(), entries[i].hash);
            used[partitions[i]] = true;
        }
        return putAllNewer(entries, partitions, used, weights);
    }

    /** Goes first where nobody is inside. */
    private int putAllNewer(VersionedEntry<K, V>[] entries, int[] partitions, boolean[] used, int[] weights) {
        int written = 0;
        for (int p = 0; p < used.length; p++) {
            if (used[p]) {
                int count = writers.get(p).tryPutAllNewer(entries, partitions, weights);
                used[p] = count == OCCUPIED;
                written += Math.max(0, count);
            }
        }
        for (int p = 0; p < used.length; p++) {
            if (used[p]) {
                written += writers.get(p).putAllNewer(entries, partitions, weights);
            }
        }
        return written;
    }

    private int[] weightsOf(VersionedEntry<K, V>[] entries) {
        return weigher == null
                ? NO_WEIGHTS
                : Arrays.stream(entries)
                        .mapToInt(entry -> weigh(entry.key(), entry.value()))
                        .toArray();
    }

    private boolean write(K key, @Nullable V value, long version, @Nullable Comparable<?> order) {
        int hash = EntryTable.hash(key);
        return writerOf(key, hash).putNewer(key, hash, value, version, order, weigh(key, value));
    }

    /**
     * Writes the value whatever version is known. The newest known version stays with the key, so that an older one that
     * comes later still does not overwrite it.
     *
     * @return whether it was written; false if there was no room
     * @throws IllegalStateException if the buffer is closed
     * @throws BatchProcessingException if the stored version could not be read
     */
    public boolean put(K key, @Nullable V value) {
        int hash = EntryTable.hash(key);
        VersionedEntry<K, V> entry = new VersionedEntry<>(key, hash, value, VersionedEntry.UNVERSIONED, null);
        entry.markUnconditional();
        raiseToStored(entry);
        return writerOf(key, hash).put(entry, weigh(key, value));
    }

    private void raiseToStored(VersionedEntry<K, V> entry) {
        if (storedVersions == null) {
            return;
        }
        try {
            Comparable<?> version =
                    storedVersions.versionsOf(List.of(entry.key())).get(entry.key());
            if (version != null) {
                entry.raiseVersion(NewerDelivery.storedEntry(entry, version));
            }
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new BatchProcessingException("buffer " + name() + " could not read a stored version", e);
        }
    }

    /**
     * Writes values as {@link #put} does.
     *
     * @return how many were written
     */
    public int putAll(Map<? extends K, ? extends V> values) {
        int written = 0;
        for (Map.Entry<? extends K, ? extends V> value : values.entrySet()) {
            written += put(value.getKey(), value.getValue()) ? 1 : 0;
        }
        return written;
    }

    /** The value of a key that was written and has not been delivered; null if there is none, or if it is a delete. */
    public @Nullable V get(K key) {
        VersionedEntry<K, V> entry = entry(key);
        return entry == null ? null : entry.value();
    }

    /** A copy of the entry of a key that was written and has not been delivered, or null. */
    public @Nullable VersionedEntry<K, V> entry(K key) {
        int hash = EntryTable.hash(key);
        return writerOf(key, hash).entry(key, hash);
    }

    /**
     * Takes the entry of a key off the active side: it is not handed over. What is in flight is not touched. To delete what
     * is stored, see {@link #deleteNewer}.
     *
     * @return whether there was one
     */
    public boolean delete(K key) {
        int hash = EntryTable.hash(key);
        return writerOf(key, hash).delete(key, hash);
    }

    private int weigh(K key, @Nullable V value) {
        if (weigher == null) {
            return 0;
        }
        long bytes = weigher.applyAsLong(key, value);
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "weigher of buffer " + name() + " must return 0 to 2^31-1 bytes: bytes=" + bytes + ", key=" + key);
        }
        return (int) bytes;
    }

    private int partitionOf(K key, int hash) {
        if (writers.size() == 1) {
            return 0;
        }
        int value = route != null ? route.applyAsInt(key) : hash >>> 16;
        return Math.floorMod(value, writers.size());
    }

    private EntryWriter<K, V> writerOf(K key, int hash) {
        return writers.get(partitionOf(key, hash));
    }

    @Override
    void dropFirst(Lane<VersionedEntry<K, V>, ?> lane) {
        throw new AssertionError("DROP_OLDEST is refused by checkOptions");
    }

    @Override
    void checkOptions(BufferOptions changed) {
        if (changed.overflow() == OverflowStrategy.DROP_OLDEST) {
            throw new IllegalArgumentException(
                    "overflow=DROP_OLDEST would throw away the newest state of a key after it was"
                            + " accepted; use BLOCK or DROP_NEWEST");
        }
        Weighers.check(changed, weigher);
    }

    /** Configures a {@link PutNewerBuffer}. */
    public static final class Builder<K, V> extends BufferBuilder<VersionedEntry<K, V>, Builder<K, V>> {
        private @Nullable ToIntFunction<? super K> route;
        private @Nullable ToLongBiFunction<? super K, ? super @Nullable V> weigher;
        private @Nullable StoredVersions<K> storedVersions;

        private Builder(BatchProcessor<VersionedEntry<K, V>> processor) {
            super(processor);
        }

        @Override
        Builder<K, V> self() {
            return this;
        }

        /** What a key and a value, which may be null, weigh in bytes, for {@code maxBytes} and {@code drainThresholdBytes}. */
        public Builder<K, V> weigher(ToLongBiFunction<? super K, ? super @Nullable V> bytesOfEntry) {
            weigher = bytesOfEntry;
            return this;
        }

        /** Which partition a key belongs to, modulo the number of partitions; its hash code decides unless told. */
        public Builder<K, V> routeBy(ToIntFunction<? super K> partitionOfKey) {
            route = partitionOfKey;
            return this;
        }

        /** Where versions are kept behind the buffer; nowhere unless told, then they are forgotten when handed over. */
        public Builder<K, V> storedVersions(StoredVersions<K> stored) {
            storedVersions = stored;
            return this;
        }

        /** Builds a buffer that drives itself. */
        public PutNewerBuffer<K, V> start() {
            return new PutNewerBuffer<>(this, false);
        }

        /** Builds a buffer that is driven by hand, by one thread. */
        public PutNewerBuffer<K, V> handDriven() {
            return new PutNewerBuffer<>(this, true);
        }
    }
}
