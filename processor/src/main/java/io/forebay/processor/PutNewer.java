package io.forebay.processor;

import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStore;
import io.forebay.store.LatestStoreBuilder;
import io.forebay.store.internal.streams.CommitHook;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A step that passes on the newest state of each key, and nothing that is older than what it has passed on before. Updates are
 * collected for an interval, and of each key one record goes downstream: the newest.
 *
 * <pre>{@code
 * builder.stream("positions", Consumed.with(Serdes.String(), positionSerde))
 *         .process(PutNewer.builder(
 *                         LatestStores.builder("newest", LatestDefinition.of(Serdes.String(), positionSerde)),
 *                         VersionSource.value(Position::sequence))
 *                 .flushInterval(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME)
 *                 .build())
 *         .to("newest-positions", Produced.with(Serdes.String(), positionSerde));
 * }</pre>
 *
 * <p>A record that goes downstream has the key, value, timestamp and headers of the newest update, and two headers more:
 * {@link #VERSION_HEADER} and {@link #UPDATES_HEADER}. A record without a value is a delete, as of its version.
 *
 * <p><b>With a store</b> (a {@link LatestStore}, which it brings along) it remembers the version of every key across flushes, restarts and
 * rebalances. When the task commits, what is in the buffer goes to the store, and is durable with the commit; it is emitted
 * with the next flush, also if the process dies before. Exactly-once, each is then emitted once; at-least-once, what had been
 * emitted since the commit before the last may come again. The flush interval alone decides when something is emitted.
 *
 * <p><b>Without</b> ({@link #withoutStore}) it remembers nothing beyond a flush: an older update that comes after a newer one has been
 * emitted is emitted too. It guards only within its window, which also ends when the task commits and when the buffer is full.
 *
 * <p>Records without a key are skipped and counted. An update that has no version or cannot be stored is an exception from {@code process},
 * for the application's {@code ProcessingExceptionHandler}.
 *
 * <p>Immutable; the counters of {@link #stats()} cover all tasks of this object and may be read from any thread.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values: whole states, not parts of them, since what is stale is dropped
 */
public final class PutNewer<K, V> implements ProcessorSupplier<K, V, K, V> {

    /** The header with the version: a whole number as decimal digits in UTF-8. */
    public static final String VERSION_HEADER = "forebay-version";

    /**
     * The header that says how many updates the record stands for, itself included: decimal digits in UTF-8. Stale ones are not among them,
     * except those that were replaced in the buffer before the store was asked. At-least-once, an update may be counted again after a crash.
     */
    public static final String UPDATES_HEADER = "forebay-updates";

    private final Options<K, V> options;
    private final PutNewerCounters counters = new PutNewerCounters();

    private PutNewer(Options<K, V> options) {
        this.options = options;
    }

    /**
     * Starts one with a store, which gets an outbox.
     *
     * @param store the store that it brings along; nobody else may put anything into it
     * @param version where the version of an update is
     */
    public static <K, V> Builder<K, V> builder(LatestStoreBuilder<K, V> store, VersionSource<K, V> version) {
        return new Builder<>(
                store.name(), Objects.requireNonNull(store, "store").withOutbox(), version);
    }

    /**
     * Starts one without a store, that <em>guards only within its window</em>: from one flush, commit or overflow to the next.
     *
     * @param name a name that no store of the topology has
     * @param version where the version of an update is
     */
    public static <K, V> Builder<K, V> withoutStore(String name, VersionSource<K, V> version) {
        return new Builder<>(Objects.requireNonNull(name, "name"), null, version);
    }

    @Override
    public Processor<K, V, K, V> get() {
        return options.store == null
                ? new WindowedPutNewer<>(options, counters)
                : new StoredPutNewer<>(options, counters);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(options.store == null ? CommitHook.builder(options.name) : options.store);
    }

    /** What the keys and values are, if it has a store. */
    public Optional<LatestDefinition<K, V>> definition() {
        return Optional.ofNullable(options.store).map(LatestStoreBuilder::definition);
    }

    /** What happened so far, in all tasks. */
    public PutNewerStats stats() {
        return counters.snapshot();
    }

    /** How updates are collected and passed on. */
    record Options<K, V>(
            String name,
            @Nullable LatestStoreBuilder<K, V> store,
            VersionSource<K, V> version,
            Duration flushInterval,
            PunctuationType punctuation,
            int maxBufferedEntries,
            long maxBufferedBytes,
            @Nullable String emitTo,
            @Nullable String staleTo) {

        Options {
            if (staleTo != null && emitTo == null) {
                throw new IllegalArgumentException(
                        "staleTo=" + staleTo
                                + " without emitTo: what is not sent to a named child goes to all of them, and so to that one as well");
            }
            if (staleTo != null && staleTo.equals(emitTo)) {
                throw new IllegalArgumentException("staleTo=" + staleTo + " and emitTo=" + emitTo
                        + " are the same child, which could not tell stale updates from new ones");
            }
        }
    }

    /**
     * Collects the options. Not thread-safe.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     */
    public static final class Builder<K, V> {

        private static final long DEFAULT_MAX_BUFFERED_BYTES = 16L << 20;

        private final String name;
        private final @Nullable LatestStoreBuilder<K, V> store;
        private final VersionSource<K, V> version;
        private Duration flushInterval = Duration.ofSeconds(1);
        private PunctuationType punctuation = PunctuationType.WALL_CLOCK_TIME;
        private int maxBufferedEntries = 100_000;
        private @Nullable Long maxBufferedBytes;
        private @Nullable String emitTo;
        private @Nullable String staleTo;

        private Builder(String name, @Nullable LatestStoreBuilder<K, V> store, VersionSource<K, V> version) {
            this.name = name;
            this.store = store;
            this.version = Objects.requireNonNull(version, "version");
        }

        /**
         * How often what is new is emitted (default: every second of wall-clock time).
         *
         * @throws IllegalArgumentException if it is shorter than a millisecond
         */
        public Builder<K, V> flushInterval(Duration interval, PunctuationType type) {
            if (interval.toMillis() < 1) {
                throw new IllegalArgumentException("flushInterval=" + interval + " must be at least 1 ms");
            }
            this.flushInterval = interval;
            this.punctuation = Objects.requireNonNull(type, "type");
            return this;
        }

        /**
         * How many keys are in the buffer at most (default 100,000). Then it is emptied into the store, without emitting anything;
         * without a store, by emitting. With a store, only updates get there for which it has to read from RocksDB.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxBufferedEntries(int entries) {
            this.maxBufferedEntries = (int) positive("maxBufferedEntries", entries);
            return this;
        }

        /**
         * How many bytes the updates in the buffer take at most (default 16 MiB); as {@link #maxBufferedEntries}. Needs a store: without one
         * nothing is serialised, and the size is not known.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxBufferedBytes(long bytes) {
            this.maxBufferedBytes = positive("maxBufferedBytes", bytes);
            return this;
        }

        /**
         * The name of the child processor that gets what is emitted, and no other one; unless told, all children do. In the DSL a child
         * is named with {@code Named.as}, {@code Produced.as} and the like. A task does not start if there is no such child.
         */
        public Builder<K, V> emitTo(String child) {
            this.emitTo = Objects.requireNonNull(child, "child");
            return this;
        }

        /**
         * The name of the child processor that gets stale updates, as they came, with {@link #VERSION_HEADER}; unless told, they are only
         * counted. An update that has been replaced in the buffer by a newer one is not stale, but coalesced: if that newer one is stale,
         * it alone is sent here. Needs {@link #emitTo}.
         */
        public Builder<K, V> staleTo(String child) {
            this.staleTo = Objects.requireNonNull(child, "child");
            return this;
        }

        /**
         * The step.
         *
         * @throws IllegalArgumentException if stale updates are to be sent somewhere, but not so what is emitted, or both to the same
         *     place; or if bytes are to be bounded without a store
         */
        public PutNewer<K, V> build() {
            if (store == null && maxBufferedBytes != null) {
                throw new IllegalArgumentException("maxBufferedBytes=" + maxBufferedBytes
                        + " needs a store: without one nothing is serialised; use maxBufferedEntries");
            }
            return new PutNewer<>(new Options<>(
                    name,
                    store,
                    version,
                    flushInterval,
                    punctuation,
                    maxBufferedEntries,
                    maxBufferedBytes == null ? DEFAULT_MAX_BUFFERED_BYTES : maxBufferedBytes,
                    emitTo,
                    staleTo));
        }

        private static long positive(String option, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + "=" + value + " must be at least 1");
            }
            return value;
        }
    }
}
