package io.forebay.store;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;

/**
 * Asks a latest store for the newest value of a key. The result is empty where the partition asked has none.
 *
 * @param key the key
 * @param isolation whether to see what is not committed yet
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record LatestByKeyQuery<K, V>(K key, IsolationLevel isolation) implements Query<Optional<Versioned<K, V>>> {
    /** Refuses null. */
    public LatestByKeyQuery {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(isolation, "isolation");
    }

    /** The freshest value of a key. */
    public LatestByKeyQuery(K key) {
        this(key, IsolationLevel.READ_UNCOMMITTED);
    }
}
