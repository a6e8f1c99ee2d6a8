package io.forebay.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * What a store has to know about a type of event: how it is serialised, where its id and its timestamp are, and by what
 * it is to be found.
 *
 * <pre>{@code
 * EventDefinition<Order> orders = EventDefinition.builder(orderSerde)
 *         .id(Order::number)
 *         .timestamp(Order::placedAt)
 *         .index(EventIndex.ofString("customer", Order::customer))
 *         .index(EventIndex.ofStrings("product", Order::products))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe, as far as the given functions and the serde are; <b>and these must be</b>: they are called by StreamThreads,
 * by threads that write to RocksDB or restore, and by all threads that ask, at the same time.
 *
 * @param <E> the type of the events
 */
public final class EventDefinition<E> {

    private static final int DEFAULT_MAX_EVENT_BYTES = 1_000_000;

    private final Serde<E> serde;
    private final Function<? super E, @Nullable String> id;
    private final ToLongFunction<? super E> timestampNanos;
    private final List<EventIndex<E>> indexes;
    private final Map<String, EventIndex<E>> indexesByName;
    private final int maxEventBytes;

    private EventDefinition(Builder<E> builder) {
        this.serde = builder.serde;
        this.id = required(builder.id, "id(...)");
        this.timestampNanos = required(builder.timestampNanos, "timestamp(...) or timestampNanos(...)");
        this.indexes = List.copyOf(builder.indexes);
        this.indexesByName = new HashMap<>();
        indexes.forEach(index -> indexesByName.put(index.name(), index));
        this.maxEventBytes = builder.maxEventBytes;
    }

    /** Starts a definition of events that this serde reads and writes. */
    public static <E> Builder<E> builder(Serde<E> serde) {
        return new Builder<>(serde);
    }

    /** The indexes, in the order of their declaration. */
    public List<EventIndex<E>> indexes() {
        return indexes;
    }

    /** The index with this name. */
    public Optional<EventIndex<E>> index(String name) {
        return Optional.ofNullable(indexesByName.get(name));
    }

    /** The id of an event, or null where it has none. */
    public @Nullable String idOf(E event) {
        return id.apply(event);
    }

    /**
     * The timestamp of an event in nanoseconds since the epoch.
     *
     * @throws DateTimeException if it lies outside the years 1678 to 2261
     */
    public long timestampNanosOf(E event) {
        return Timestamps.requireValid(timestampNanos.applyAsLong(event));
    }

    /** The order of all events, whatever partition they are in: by timestamp, ties by the bytes of the id in UTF-8. */
    public Comparator<E> order() {
        return Comparator.<E>comparingLong(this::timestampNanosOf)
                .thenComparing(
                        event -> EventCodec.idBytes(Objects.requireNonNullElse(idOf(event), "")),
                        Arrays::compareUnsigned);
    }

    Serde<E> serde() {
        return serde;
    }

    int maxEventBytes() {
        return maxEventBytes;
    }

    private static <T> T required(@Nullable T value, String method) {
        if (value == null) {
            throw new IllegalStateException("an event definition needs " + method);
        }
        return value;
    }

    /**
     * Collects a definition. Not thread-safe.
     *
     * @param <E> the type of the events
     */
    public static final class Builder<E> {

        private final Serde<E> serde;
        private final List<EventIndex<E>> indexes = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private @Nullable Function<? super E, @Nullable String> id;
        private @Nullable ToLongFunction<? super E> timestampNanos;
        private int maxEventBytes = DEFAULT_MAX_EVENT_BYTES;

        private Builder(Serde<E> serde) {
            this.serde = Objects.requireNonNull(serde, "serde");
        }

        /** Where the id is. Two events with the same id are the same event, in its older and its newer form. */
        public Builder<E> id(Function<? super E, @Nullable String> extractor) {
            this.id = Objects.requireNonNull(extractor, "extractor");
            return this;
        }

        /** Where the timestamp is. An event without one, or outside the years 1678 to 2261, is invalid. */
        public Builder<E> timestamp(Function<? super E, ? extends @Nullable Instant> extractor) {
            Objects.requireNonNull(extractor, "extractor");
            return timestampNanos(event -> {
                Instant timestamp = extractor.apply(event);
                if (timestamp == null) {
                    throw new DateTimeException("the timestamp is null");
                }
                return Timestamps.toNanos(timestamp);
            });
        }

        /** Where the timestamp is, in nanoseconds since the epoch; within the same bounds. */
        public Builder<E> timestampNanos(ToLongFunction<? super E> extractor) {
            this.timestampNanos = Objects.requireNonNull(extractor, "extractor");
            return this;
        }

        /**
         * Adds an index.
         *
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder<E> index(EventIndex<E> index) {
            if (!names.add(index.name())) {
                throw new IllegalArgumentException("there are two indexes named '" + index.name() + "'");
            }
            indexes.add(index);
            return this;
        }

        /**
         * The largest event the store takes, serialised and with its id, in bytes (default 1,000,000, a little below what a Kafka broker
         * takes by default).
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<E> maxEventBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxEventBytes=" + bytes + " must be at least 1");
            }
            this.maxEventBytes = bytes;
            return this;
        }

        /**
         * The definition.
         *
         * @throws IllegalStateException if the id or the timestamp is missing
         */
        public EventDefinition<E> build() {
            return new EventDefinition<>(this);
        }
    }
}
