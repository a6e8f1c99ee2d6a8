package io.forebay.store.internal.streams;

import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A state store that is called before its task commits.
 *
 * <p>Kafka Streams commits in this order: {@code flushCache()} of the stores it takes for caches, flush of the producer,
 * offsets (or the transaction), {@code StateStore.commit}. Only the first of these comes in time to empty a buffer, so a
 * store that buffers has to pass for a cache. The object that implements this has to be the root store.
 */
public interface CommitAware extends CachedStateStore<Object, Object> {

    /**
     * Called before offsets are committed; may put, log and forward. Called several times for a commit, and also without one in between,
     * when the commit that followed a call failed: see {@link CommitActions#empty}, which is to be asked first.
     */
    void beforeCommit();

    /** Called when state is about to be written around the store: forget what is not written yet. */
    void dropUncommitted();

    @Override
    default void flushCache() {
        beforeCommit();
    }

    @Override
    default void clearCache() {
        dropUncommitted();
    }

    @Override
    default boolean setFlushListener(CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
        return false;
    }
}
