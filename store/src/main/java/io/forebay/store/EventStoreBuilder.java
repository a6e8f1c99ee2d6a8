package io.forebay.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Builds {@link EventStore}s for Kafka Streams: one for each task, and one more that it only asks for its name.
 *
 * @param <E> the type of the events
 */
public final class EventStoreBuilder<E> implements StoreBuilder<EventStore<E>> {

    private static final long DEFAULT_MAX_UNCOMMITTED_BYTES = 64L << 20;

    private final String name;
    private final EventDefinition<E> definition;
    private final Map<String, String> logConfig = new HashMap<>();
    private boolean loggingEnabled = true;
    private long maxUncommittedBytes = DEFAULT_MAX_UNCOMMITTED_BYTES;
    private CrashPoints crashPoints = CrashPoints.NONE;

    EventStoreBuilder(String name, EventDefinition<E> definition) {
        this.name = Objects.requireNonNull(name, "name");
        this.definition = Objects.requireNonNull(definition, "definition");
    }

    /** What the events are. */
    public EventDefinition<E> definition() {
        return definition;
    }

    /**
     * How much a task may hold in memory, in bytes (default 64 MiB): it asks for an early commit when half of it has been put
     * since the last one, and the other half is for what was put before that. What is on its way to RocksDB comes on top, half as
     * much at most. Kafka's {@code statestore.uncommitted.max.bytes} (KIP-892) means the same.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EventStoreBuilder<E> maxUncommittedBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxUncommittedBytes=" + bytes + " must be at least 1");
        }
        this.maxUncommittedBytes = bytes;
        return this;
    }

    EventStoreBuilder<E> crashPoints(CrashPoints points) {
        this.crashPoints = points;
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
        return new RocksEventStore<>(name, definition, maxUncommittedBytes, crashPoints);
    }

    @Override
    public Map<String, String> logConfig() {
        return Map.copyOf(logConfig);
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
