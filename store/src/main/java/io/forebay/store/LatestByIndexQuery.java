package io.forebay.store;

import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;

/**
 * Asks a latest store for the newest values that have some value in an index: ordered by the rest of the index, then by the serialised
 * key. O(limit), and everything uncommitted is looked through.
 *
 * @param index the name of the index
 * @param values the value; of a composite index, the values of its first parts
 * @param limit how many there are to be at most
 * @param isolation whether to see what is not committed yet
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record LatestByIndexQuery<K, V>(String index, List<Object> values, int limit, IsolationLevel isolation)
        implements Query<List<Versioned<K, V>>> {

    /** How many values an answer has at most unless told otherwise. */
    public static final int DEFAULT_LIMIT = 1_000;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if no value is given, or the limit is not positive
     */
    public LatestByIndexQuery {
        Objects.requireNonNull(index, "index");
        Objects.requireNonNull(isolation, "isolation");
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("the query of index '" + index + "' needs a value");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit=" + limit + " must be at least 1");
        }
    }

    /** The freshest values, at most {@link #DEFAULT_LIMIT}. */
    public static <K, V> LatestByIndexQuery<K, V> of(String index, Object... values) {
        return new LatestByIndexQuery<>(index, List.of(values), DEFAULT_LIMIT, IsolationLevel.READ_UNCOMMITTED);
    }

    /** The same with another limit. */
    public LatestByIndexQuery<K, V> limit(int newLimit) {
        return new LatestByIndexQuery<>(index, values, newLimit, isolation);
    }

    /** The same with another isolation. */
    public LatestByIndexQuery<K, V> isolation(IsolationLevel newIsolation) {
        return new LatestByIndexQuery<>(index, values, limit, newIsolation);
    }
}
