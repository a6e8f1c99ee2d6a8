package io.forebay.processor;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventStore;
import io.forebay.store.EventStoreBuilder;
import io.forebay.store.LiveEvents;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * A step that indexes the events of a stream, and brings the store for it along:
 *
 * <pre>{@code
 * builder.stream("orders", Consumed.with(Serdes.String(), orderSerde))
 *         .process(EventIndexer.<String, Order>builder(EventStores.builder("orders-by", orders)).build());
 * }</pre>
 *
 * <p>A record goes through a bounded queue (the <em>stage</em>) and a double buffer, which is flushed into the store on a
 * punctuation, when it has reached a number of events or bytes, and before every commit; so nothing whose offset is
 * committed is in memory only. Each event is forwarded downstream, with the key, timestamp and headers of its record, once
 * it is in the store. An event that the store refuses because it is too late ({@link EventStore#put}) is counted and not forwarded.
 *
 * <p>Records with a null value are skipped and counted. An event that the store cannot take (see {@link
 * EventStore#prepare}) is an exception from {@code process}, for the application's {@code ProcessingExceptionHandler}.
 *
 * <p>Immutable; the counters of {@link #stats()} cover all tasks of this object and may be read from any thread.
 *
 * @param <K> the type of the keys, which are passed on untouched
 * @param <E> the type of the events
 */
public final class EventIndexer<K, E> implements ProcessorSupplier<K, E, K, E> {

    private final Options<E> options;
    private final IndexerCounters counters = new IndexerCounters();
    private final LiveRings<E> live = new LiveRings<>();

    private EventIndexer(Options<E> options) {
        this.options = options;
    }

    /** Starts an indexer with this store. */
    public static <K, E> Builder<K, E> builder(EventStoreBuilder<E> store) {
        return new Builder<>(store);
    }

    @Override
    public Processor<K, E, K, E> get() {
        return new EventIndexerProcessor<>(options, counters, live);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(options.store);
    }

    /** What the events are. */
    public EventDefinition<E> definition() {
        return options.store.definition();
    }

    /**
     * Events as they come in, to be followed from any thread: each is there from the moment it is accepted into the stage
     * until as many more have come as the stage holds. Following holds nothing up.
     *
     * <p>Events are kept for this only while somebody follows, be it without looking: of each task as many as the stage holds, beyond
     * {@code maxBufferedEvents} and {@code maxBufferedBytes} (metrics {@code followed-records} and {@code followed-bytes}).
     * What a task has shown that has gone is kept until all who followed it have seen it or are closed.
     */
    public LiveEvents<E> live() {
        return live;
    }

    /** What happened so far, in all tasks. */
    public EventIndexerStats stats() {
        return counters.snapshot();
    }

    /** How events are buffered on their way to the store. */
    record Options<E>(
            EventStoreBuilder<E> store,
            int stageCapacity,
            OverflowStrategy overflow,
            Duration flushInterval,
            PunctuationType punctuation,
            int maxBufferedEvents,
            long maxBufferedBytes,
            boolean forward) {

        Options {
            if (stageCapacity > maxBufferedEvents) {
                throw new IllegalArgumentException(
                        "stageCapacity=" + stageCapacity + " is larger than maxBufferedEvents=" + maxBufferedEvents
                                + ", which counts the events in the stage as well");
            }
        }
    }

    /**
     * Collects the options. Not thread-safe.
     *
     * @param <K> the type of the keys
     * @param <E> the type of the events
     */
    public static final class Builder<K, E> {

        private final EventStoreBuilder<E> store;
        private int stageCapacity = 1_024;
        private OverflowStrategy overflow = OverflowStrategy.BLOCK;
        private Duration flushInterval = Duration.ofMillis(100);
        private PunctuationType punctuation = PunctuationType.WALL_CLOCK_TIME;
        private int maxBufferedEvents = 10_000;
        private long maxBufferedBytes = 16L << 20;
        private boolean forward = true;

        private Builder(EventStoreBuilder<E> store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * How many events the stage holds: a power of two from 2 (default 1,024). Those who follow {@link EventIndexer#live} can lag so far
         * behind, and their ring buffer keeps as many.
         */
        public Builder<K, E> stageCapacity(int events) {
            this.stageCapacity = events;
            return this;
        }

        /**
         * What happens to an event when the stage is full. {@code BLOCK} (the default) drains it on the spot and
         * loses nothing; the others shed load until the next flush, on purpose, and count it: the stage is then all there is,
         * since only a flush drains it.
         */
        public Builder<K, E> overflow(OverflowStrategy strategy) {
            this.overflow = Objects.requireNonNull(strategy, "strategy");
            return this;
        }

        /**
         * How long an event waits in memory at most before it can be queried (default 100 ms of wall-clock time). By stream
         * time, what came last waits until something newer comes, or until the task commits.
         *
         * @throws IllegalArgumentException if it is shorter than a millisecond
         */
        public Builder<K, E> flushInterval(Duration interval, PunctuationType type) {
            if (interval.toMillis() < 1) {
                throw new IllegalArgumentException("flushInterval=" + interval + " must be at least 1 ms");
            }
            this.flushInterval = interval;
            this.punctuation = Objects.requireNonNull(type, "type");
            return this;
        }

        /**
         * Flushes when so many events are in memory (default 10,000).
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, E> maxBufferedEvents(int events) {
            this.maxBufferedEvents = (int) positive("maxBufferedEvents", events);
            return this;
        }

        /**
         * Flushes when the events in memory take so many bytes (default 16 MiB).
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, E> maxBufferedBytes(long bytes) {
            this.maxBufferedBytes = positive("maxBufferedBytes", bytes);
            return this;
        }

        /** Whether events are forwarded downstream (the default). */
        public Builder<K, E> forward(boolean forwardEvents) {
            this.forward = forwardEvents;
            return this;
        }

        /**
         * The indexer.
         *
         * @throws IllegalArgumentException if the stage is larger than the whole buffer, or not a power of two
         */
        public EventIndexer<K, E> build() {
            if (Integer.bitCount(stageCapacity) != 1 || stageCapacity < 2) {
                throw new IllegalArgumentException(
                        "stageCapacity=" + stageCapacity + " must be a power of two, and at least 2");
            }
            return new EventIndexer<>(new Options<>(
                    store,
                    stageCapacity,
                    overflow,
                    flushInterval,
                    punctuation,
                    maxBufferedEvents,
                    maxBufferedBytes,
                    forward));
        }

        private static long positive(String option, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + "=" + value + " must be at least 1");
            }
            return value;
        }
    }
}
