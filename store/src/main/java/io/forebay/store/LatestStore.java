package io.forebay.store;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * A state store of the newest value of each key, crash-atomic with Kafka Streams' commits. An update is taken if its version is
 * greater than that of every update of its key before it, whenever those came: across restarts, rebalances and deletes. Made with
 * {@link LatestStores#builder}.
 *
 * <p><b>Deletes</b> are updates without a value. They leave a tombstone with their version, so that an older update which comes later does
 * not bring the key back, for as long as {@link LatestStoreBuilder#tombstoneRetention} says.
 *
 * <p><b>Outbox.</b> With {@link LatestStoreBuilder#withOutbox}, the store remembers which keys have changed since {@link #emit} was called
 * last. What is put is durable with the next commit, and pending until it is emitted, also across crashes: exactly once under
 * exactly-once, and otherwise at least once.
 *
 * <p><b>Threads.</b> The methods of this interface belong to the StreamThread of the task; those of
 * {@link ReadOnlyLatestStore} may be called from anywhere.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface LatestStore<K, V> extends StateStore, ReadOnlyLatestStore<K, V> {

    /**
     * Does everything with an update that can fail because of it.
     *
     * @param value the value; null deletes the key as of this version
     * @param timestampMs the timestamp of its record, in milliseconds since the epoch
     * @param headers the headers of its record, which are copied
     * @throws InvalidUpdateException if there is no key, a serializer or an extractor throws, or the update is larger than the
     *     definition allows
     */
    PreparedUpdate<K, V> prepare(K key, @Nullable V value, long version, long timestampMs, Headers headers);

    /**
     * Takes those updates that are newer than what is known of their keys, in the order given. What memory
     * does not know of their keys is read from RocksDB.
     *
     * @param seen what of the input has been seen with them, for queries with a {@code PositionBound}
     * @return the stale ones, in the order given: a version that is equal is stale, too
     */
    List<PreparedUpdate<K, V>> putNewer(Collection<PreparedUpdate<K, V>> updates, Position seen);

    /** The same for updates that come from the record that is being processed. */
    List<PreparedUpdate<K, V>> putNewer(Collection<PreparedUpdate<K, V>> updates);

    /**
     * Takes an update if it is newer than what is known of its key.
     *
     * @return whether it was
     */
    default boolean putNewer(PreparedUpdate<K, V> update) {
        return putNewer(List.of(update)).isEmpty();
    }

    /**
     * Takes, of those updates whose keys were met lately, the ones that are newer, in the order given, without a read from RocksDB. The cheap way
     * for keys that are updated often, best for some dozens of updates at a time.
     *
     * <p>What has been seen is not noted; that is up to a call of {@link #putNewer(Collection, Position)}, if only with nothing to put.
     *
     * @param stale gets the ones that are not newer
     * @return the ones whose keys are not known, in the order given: nothing has become of them, {@link #putNewer(Collection, Position)} is
     *     their way
     */
    List<PreparedUpdate<K, V>> putNewerOfKnown(
            List<PreparedUpdate<K, V>> updates, Consumer<? super PreparedUpdate<K, V>> stale);

    /**
     * Hands out what is pending in the outbox: each key once, in no particular order, with its newest value or as deleted. When this
     * returns it is pending no more; if the consumer throws, everything still is.
     *
     * @return how many there were
     * @throws IllegalStateException if the store has no outbox
     */
    int emit(Consumer<? super Emission<K, V>> consumer);

    /**
     * Runs an action before every commit, while updates may still be put and records forwarded; see {@link EventStore#beforeCommit}.
     *
     * @return undoes the registration; call it when the processor is closed
     */
    Runnable beforeCommit(Runnable action);
}
