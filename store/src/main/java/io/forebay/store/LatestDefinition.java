package io.forebay.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a {@link LatestStore} has to know about its keys and values: how they are serialised, and by what values are to be found besides
 * their key.
 *
 * <pre>{@code
 * LatestDefinition<String, Order> orders = LatestDefinition.builder(Serdes.String(), orderSerde)
 *         .index(EventIndex.ofString("customer", Order::customer))
 *         .build();
 * }</pre>
 *
 * <p>Two keys are the same if their bytes are. Immutable and thread-safe, as far as the serdes and the extractors are; <b>and these must
 * be</b>: they are called by StreamThreads, by threads that write to RocksDB or restore, and by all threads that ask, at the same time.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class LatestDefinition<K, V> {

    private static final int DEFAULT_MAX_UPDATE_BYTES = 1_000_000;

    private final Serde<K> keySerde;
    private final Serde<V> valueSerde;
    private final List<EventIndex<V>> indexes;
    private final int maxUpdateBytes;

    private LatestDefinition(Builder<K, V> builder) {
        this.keySerde = builder.keySerde;
        this.valueSerde = builder.valueSerde;
        this.indexes = List.copyOf(builder.indexes);
        this.maxUpdateBytes = builder.maxUpdateBytes;
    }

    /** A definition without indexes. */
    public static <K, V> LatestDefinition<K, V> of(Serde<K> keySerde, Serde<V> valueSerde) {
        return builder(keySerde, valueSerde).build();
    }

    /** Starts a definition. */
    public static <K, V> Builder<K, V> builder(Serde<K> keySerde, Serde<V> valueSerde) {
        return new Builder<>(keySerde, valueSerde);
    }

    /** The indexes, in the order of their declaration. */
    public List<EventIndex<V>> indexes() {
        return indexes;
    }

    Serde<K> keySerde() {
        return keySerde;
    }

    Serde<V> valueSerde() {
        return valueSerde;
    }

    int maxUpdateBytes() {
        return maxUpdateBytes;
    }

    /**
     * Collects a definition. Not thread-safe.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     */
    public static final class Builder<K, V> {

        private final Serde<K> keySerde;
        private final Serde<V> valueSerde;
        private final List<EventIndex<V>> indexes = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private int maxUpdateBytes = DEFAULT_MAX_UPDATE_BYTES;

        private Builder(Serde<K> keySerde, Serde<V> valueSerde) {
            this.keySerde = Objects.requireNonNull(keySerde, "keySerde");
            this.valueSerde = Objects.requireNonNull(valueSerde, "valueSerde");
        }

        /**
         * Adds an index of the values.
         *
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder<K, V> index(EventIndex<V> index) {
            if (!names.add(index.name())) {
                throw new IllegalArgumentException("there are two indexes named '" + index.name() + "'");
            }
            indexes.add(index);
            return this;
        }

        /**
         * The largest update the store takes, serialised key, value and headers together, in bytes (default 1,000,000, a little below
         * what a Kafka broker takes by default).
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxUpdateBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxUpdateBytes=" + bytes + " must be at least 1");
            }
            this.maxUpdateBytes = bytes;
            return this;
        }

        /** The definition. */
        public LatestDefinition<K, V> build() {
            return new LatestDefinition<>(this);
        }
    }
}
