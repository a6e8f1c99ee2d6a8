package io.forebay.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link EventStore}s for Kafka Streams: one for each task, and one more that it only asks for its name.
 *
 * @param <E> the type of the events
 */
public final class EventStoreBuilder<E> implements StoreBuilder<EventStore<E>> {

    /** Events hardly replace each other, so that more of them at a time save nothing, and only live longer in the heap. */
    private static final long DEFAULT_MAX_UNCOMMITTED_BYTES = 24L << 20;

    private static final long MAX_UNCOMMITTED_BYTES = 2L << 30;

    private final String name;
    private final EventDefinition<E> definition;
    private final Map<String, String> logConfig = new HashMap<>();
    private boolean loggingEnabled = true;
    private long maxUncommittedBytes = DEFAULT_MAX_UNCOMMITTED_BYTES;
    private @Nullable Duration retention;
    private long maxEvents = Long.MAX_VALUE;
    private StoreMemory memory = StoreMemory.shared();
    private Consumer<RocksOptions> tuning = options -> {};
    private int loggedTogether = CommitSettings.USUALLY_LOGGED_TOGETHER;
    private CrashPoints crashPoints = CrashPoints.NONE;

    EventStoreBuilder(String name, EventDefinition<E> definition) {
        this.name = StoreNames.requireValid(name);
        this.definition = Objects.requireNonNull(definition, "definition");
    }

    /** What the events are. */
    public EventDefinition<E> definition() {
        return definition;
    }

    /**
     * How much a task holds in memory, in bytes (default 24 MiB): what is being put, what waits for its commit, and what is on its
     * way to RocksDB. It asks for an early commit when the first of these takes half of it, or all of them take it all. Kafka's
     * {@code statestore.uncommitted.max.bytes} (KIP-892) means the same.
     *
     * @throws IllegalArgumentException if it is not positive, or more than 2 GiB: a batch of RocksDB cannot be larger
     */
    public EventStoreBuilder<E> maxUncommittedBytes(long bytes) {
        this.maxUncommittedBytes = requireUncommittedBytes(bytes);
        return this;
    }

    static long requireUncommittedBytes(long bytes) {
        if (bytes < 1 || bytes > MAX_UNCOMMITTED_BYTES) {
            throw new IllegalArgumentException(
                    "maxUncommittedBytes=" + bytes + " must be between 1 and " + MAX_UNCOMMITTED_BYTES);
        }
        return bytes;
    }

    /**
     * How long events are kept, in event time: an event leaves with the first commit after the newest event of its partition
     * is this much younger, and an event that is older than that when it comes is late. Unless told otherwise, events
     * are kept for ever.
     *
     * <p>The changelog topic is then created with {@code cleanup.policy=compact,delete} and keeps a day more than this, so that
     * no tombstones are needed. It counts from when an event was logged, by the clock; an event that a partition without new ones has
     * kept for longer than that is lost with the disk. (An event from the future moves event time on, as in Kafka's windowed
     * stores.)
     *
     * @throws IllegalArgumentException if it is not positive, or longer than 292 years
     */
    public EventStoreBuilder<E> retention(Duration duration) {
        Eviction.requireValid(duration);
        this.retention = duration;
        return this;
    }

    /** The native memory of the store, shared with others (default {@link StoreMemory#shared()}). */
    public EventStoreBuilder<E> memory(StoreMemory newMemory) {
        this.memory = Objects.requireNonNull(newMemory, "memory");
        return this;
    }

    /**
     * How many events a partition keeps at most once it has committed; the oldest leave first, and an event that is older
     * than those is late when it comes. Unless told otherwise, there is no bound.
     *
     * <p>Costs a look-up of the id for every event that is put.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EventStoreBuilder<E> maxEvents(long events) {
        if (events < 1) {
            throw new IllegalArgumentException("maxEvents=" + events + " must be at least 1");
        }
        this.maxEvents = events;
        return this;
    }

    /**
     * Changes options of RocksDB, each time a store is opened, after those given before. Native objects that are made for it
     * are given to {@link RocksOptions#own}.
     */
    public EventStoreBuilder<E> tune(Consumer<RocksOptions> change) {
        this.tuning = tuning.andThen(change);
        return this;
    }

    EventStoreBuilder<E> crashPoints(CrashPoints points) {
        this.crashPoints = points;
        return this;
    }

    EventStoreBuilder<E> loggedTogether(int changes) {
        this.loggedTogether = changes;
        return this;
    }

    /** Has no effect: the store is its own cache. */
    @Override
    public EventStoreBuilder<E> withCachingEnabled() {
        return this;
    }

    /** Has no effect: the store is its own cache. */
    @Override
    public EventStoreBuilder<E> withCachingDisabled() {
        return this;
    }

    /** Keeps the changelog topic (the default), with these settings on top of the store's own. */
    @Override
    public EventStoreBuilder<E> withLoggingEnabled(Map<String, String> config) {
        loggingEnabled = true;
        logConfig.putAll(config);
        return this;
    }

    /**
     * Keeps no changelog topic. The store then survives restarts and a crash of the process, with everything that was committed;
     * what was not may be there too, and is put once more when it is processed again.
     *
     * <p>It does not survive the loss of its disk, nor a move of its task to another instance. And <b>under exactly-once</b>
     * Kafka Streams deletes the directory of a task that fails inside a living process (or that loses its partition before it
     * has committed), because a changelog is expected to bring everything back; a store without one starts empty then.
     */
    @Override
    public EventStoreBuilder<E> withLoggingDisabled() {
        loggingEnabled = false;
        logConfig.clear();
        return this;
    }

    @Override
    public EventStore<E> build() {
        return new RocksEventStore<>(
                name,
                definition,
                new CommitSettings(maxUncommittedBytes, loggedTogether, crashPoints),
                new Eviction(retention, maxEvents),
                new RocksSettings(name, loggingEnabled, memory, tuning));
    }

    @Override
    public Map<String, String> logConfig() {
        Map<String, String> config = new HashMap<>();
        if (retention != null) {
            config.put(TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete");
            config.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(retention.plusDays(1).toMillis()));
        }
        config.putAll(logConfig);
        return Map.copyOf(config);
    }

    @Override
    public boolean loggingEnabled() {
        return loggingEnabled;
    }

    @Override
    public String name() {
        return name;
    }
}
