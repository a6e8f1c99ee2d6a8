package io.forebay.store;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * Asks which values occur in an index: for a composite index, the values of the part that follows those that are given. A
 * value whose events are all gone does not occur. The result is in ascending order, each value as the type that the index
 * has; fewer than {@code limit} mean that there are no more.
 *
 * <pre>{@code
 * EventValuesQuery.of("function")                                  // the modules
 * EventValuesQuery.of("function", "java.util.HashMap").limit(10)   // the first ten functions of a module
 * }</pre>
 *
 * <p>O(values found) seeks, and one walk over what is not on disk yet.
 *
 * @param index the name of the index
 * @param leading the values of the first parts of a composite index; immutable
 * @param after only values greater than this one (the last of the answer before); null starts from the beginning
 * @param limit the largest number of values wanted
 * @param isolation whether to see what is not committed yet; see {@link EventQuery#isolation(IsolationLevel)}
 */
public record EventValuesQuery(
        String index, List<Object> leading, @Nullable Object after, int limit, IsolationLevel isolation)
        implements Query<List<Object>> {

    /** Copies the list. Refuses null and a limit that is not positive. */
    public EventValuesQuery {
        Objects.requireNonNull(index, "index");
        leading = List.copyOf(leading);
        if (limit < 1) {
            throw new IllegalArgumentException("limit=" + limit + " must be at least 1");
        }
        Objects.requireNonNull(isolation, "isolation");
    }

    /** The first {@link EventQuery#DEFAULT_LIMIT} values, uncommitted events included. */
    public static EventValuesQuery of(String index, Object... leading) {
        return new EventValuesQuery(
                index, Arrays.asList(leading), null, EventQuery.DEFAULT_LIMIT, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Only values greater than this one; null starts from the beginning. */
    public EventValuesQuery after(@Nullable Object newAfter) {
        return new EventValuesQuery(index, leading, newAfter, limit, isolation);
    }

    /** At most this many values. */
    public EventValuesQuery limit(int newLimit) {
        return new EventValuesQuery(index, leading, after, newLimit, isolation);
    }

    /** Whether to see what is not committed yet. */
    public EventValuesQuery isolation(IsolationLevel newIsolation) {
        return new EventValuesQuery(index, leading, after, limit, newIsolation);
    }
}
