package io.forebay.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Builds {@link LatestStore}s for Kafka Streams: one for each task, and one more that it only asks for its name.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class LatestStoreBuilder<K, V> implements StoreBuilder<LatestStore<K, V>> {

    /** Updates replace each other: the more keys there is room for, the fewer rows are logged and written. */
    private static final long DEFAULT_MAX_UNCOMMITTED_BYTES = 64L << 20;

    private static final Duration DEFAULT_TOMBSTONE_RETENTION = Duration.ofDays(7);

    private final String name;
    private final LatestDefinition<K, V> definition;
    private final Map<String, String> logConfig = new HashMap<>();
    private boolean loggingEnabled = true;
    private long maxUncommittedBytes = DEFAULT_MAX_UNCOMMITTED_BYTES;
    private Duration tombstoneRetention = DEFAULT_TOMBSTONE_RETENTION;
    private boolean outbox;
    private StoreMemory memory = StoreMemory.shared();
    private Consumer<RocksOptions> tuning = options -> {};
    private int loggedTogether = CommitSettings.USUALLY_LOGGED_TOGETHER;
    private CrashPoints crashPoints = CrashPoints.NONE;

    LatestStoreBuilder(String name, LatestDefinition<K, V> definition) {
        this.name = StoreNames.requireValid(name);
        this.definition = Objects.requireNonNull(definition, "definition");
    }

    /** What the keys and values are. */
    public LatestDefinition<K, V> definition() {
        return definition;
    }

    /**
     * How much a task holds in memory, in bytes (default 64 MiB); as {@link EventStoreBuilder#maxUncommittedBytes}. Beside that it
     * remembers versions of keys that were met lately, without their values, in up to half as much.
     *
     * @throws IllegalArgumentException if it is not positive, or more than 2 GiB: a batch of RocksDB cannot be larger
     */
    public LatestStoreBuilder<K, V> maxUncommittedBytes(long bytes) {
        this.maxUncommittedBytes = EventStoreBuilder.requireUncommittedBytes(bytes);
        return this;
    }

    /**
     * How long the version of a deleted key is remembered (default seven days): until the newest timestamp of the partition is
     * so much greater than it was at the delete. An update older than the delete that comes later than that brings the key back.
     *
     * @throws IllegalArgumentException if it is less than a millisecond, or too long to be counted in milliseconds
     */
    public LatestStoreBuilder<K, V> tombstoneRetention(Duration retention) {
        boolean valid;
        try {
            valid = retention.toMillis() > 0;
        } catch (ArithmeticException e) {
            valid = false;
        }
        if (!valid) {
            throw new IllegalArgumentException(
                    "tombstoneRetention=" + retention + " must be at least 1 ms and below 292 million years");
        }
        this.tombstoneRetention = retention;
        return this;
    }

    /** Has the store remember what is not emitted yet; see {@link LatestStore#emit}. Somebody has to emit it then. */
    public LatestStoreBuilder<K, V> withOutbox() {
        this.outbox = true;
        return this;
    }

    /** The native memory of the store, shared with others (default {@link StoreMemory#shared()}). */
    public LatestStoreBuilder<K, V> memory(StoreMemory newMemory) {
        this.memory = Objects.requireNonNull(newMemory, "memory");
        return this;
    }

    /**
     * Changes options of RocksDB, each time a store is opened, after those given before. Native objects that are made for it
     * are given to {@link RocksOptions#own}.
     */
    public LatestStoreBuilder<K, V> tune(Consumer<RocksOptions> change) {
        this.tuning = tuning.andThen(change);
        return this;
    }

    LatestStoreBuilder<K, V> crashPoints(CrashPoints points) {
        this.crashPoints = points;
        return this;
    }

    LatestStoreBuilder<K, V> loggedTogether(int changes) {
        this.loggedTogether = changes;
        return this;
    }

    /** Has no effect: the store is its own cache. */
    @Override
    public LatestStoreBuilder<K, V> withCachingEnabled() {
        return this;
    }

    /** Has no effect: the store is its own cache. */
    @Override
    public LatestStoreBuilder<K, V> withCachingDisabled() {
        return this;
    }

    /** Keeps the changelog topic (the default), with these settings on top of the store's own. */
    @Override
    public LatestStoreBuilder<K, V> withLoggingEnabled(Map<String, String> config) {
        loggingEnabled = true;
        logConfig.putAll(config);
        return this;
    }

    /**
     * Keeps no changelog topic; see {@link EventStoreBuilder#withLoggingDisabled} for what that means. What comes out of the outbox may
     * then come twice after a crash, also under exactly-once.
     */
    @Override
    public LatestStoreBuilder<K, V> withLoggingDisabled() {
        loggingEnabled = false;
        logConfig.clear();
        return this;
    }

    @Override
    public LatestStore<K, V> build() {
        return new RocksLatestStore<>(
                name,
                definition,
                new CommitSettings(maxUncommittedBytes, loggedTogether, crashPoints),
                tombstoneRetention.toMillis(),
                outbox,
                new RocksSettings(StoreKind.LATEST, name, loggingEnabled, memory, tuning));
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
