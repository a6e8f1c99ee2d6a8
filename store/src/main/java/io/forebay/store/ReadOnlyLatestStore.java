package io.forebay.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a latest store, from any thread, while the task goes on writing and without blocking it. Keys that are deleted
 * are not there. Uncommitted updates are seen unless the query asks for
 * {@link org.apache.kafka.common.IsolationLevel#READ_COMMITTED READ_COMMITTED}.
 *
 * <p>An answer is consistent for each key; an update that comes while a question is being answered may or may not be in the answer.
 *
 * <p>All methods throw {@link org.apache.kafka.streams.errors.InvalidStateStoreException} when the store is closed.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface ReadOnlyLatestStore<K, V> {

    /** The newest value of a key, if it has one. */
    default Optional<Versioned<K, V>> get(K key) {
        return get(new LatestByKeyQuery<>(key));
    }

    /** The newest value of a key, if it has one. One look-up in memory, or one point read. */
    Optional<Versioned<K, V>> get(LatestByKeyQuery<K, V> query);

    /** The newest values of those of these keys that have one, in the order asked for. One point read for each that is not in memory. */
    List<Versioned<K, V>> getAll(Collection<K> keys);

    /**
     * The newest values with some value in an index.
     *
     * @throws IllegalArgumentException if there is no such index, or the query's values do not fit it
     */
    List<Versioned<K, V>> query(LatestByIndexQuery<K, V> query);

    /**
     * The keys from one to another, both inclusive, with their newest values; in the order of the serialised keys. To be closed.
     * Opening it looks through everything that is uncommitted; each step costs what the next row costs.
     *
     * @param from the first key, or null for all up to the last
     * @param to the last key, or null for all from the first
     */
    EventIterator<Versioned<K, V>> scan(@Nullable K from, @Nullable K to);

    /** Every key with its newest value, in the order of the serialised keys; as {@link #scan(Object, Object)}. */
    default EventIterator<Versioned<K, V>> scan() {
        return scan(null, null);
    }

    /** How many keys have a value. O(1); exact when nothing is being written meanwhile. */
    long count();

    /** What the store holds. */
    LatestStoreStats stats();
}
