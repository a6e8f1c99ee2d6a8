package io.forebay.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * Asks for events by time range and by any number of indexes, all of which have to match.
 *
 * <p>The answer is ordered by timestamp, ties by id, in the given {@link Order}; the limit is applied after ordering.
 * Both time bounds are inclusive. Without any condition the query walks all events.
 *
 * <pre>{@code
 * EventQuery<Event> query = EventQuery.<Event>all()
 *         .from(start)
 *         .equal("process", "main#1")
 *         .equal("function", "java.util.HashMap", "resize")
 *         .limit(100)
 *         .order(Order.DESC);
 * }</pre>
 *
 * <p>Immutable: every method returns another query.
 *
 * @param <E> the type of the events
 */
public final class EventQuery<E> implements Query<EventPage<E>> {

    /** How many events an answer has at most unless told otherwise. */
    public static final int DEFAULT_LIMIT = 1_000;

    private final @Nullable Instant from;
    private final @Nullable Instant to;
    private final List<Condition> conditions;
    private final int limit;
    private final Order order;

    private EventQuery(
            @Nullable Instant from, @Nullable Instant to, List<Condition> conditions, int limit, Order order) {
        if (from != null && to != null && from.isAfter(to)) {
            throw new IllegalArgumentException("from=" + from + " is after to=" + to);
        }
        this.from = from;
        this.to = to;
        this.conditions = conditions;
        this.limit = limit;
        this.order = order;
    }

    /** Every event, oldest first, up to {@link #DEFAULT_LIMIT}. */
    public static <E> EventQuery<E> all() {
        return new EventQuery<>(null, null, List.of(), DEFAULT_LIMIT, Order.ASC);
    }

    /**
     * Only events at or after this time; null lifts the bound.
     *
     * @throws IllegalArgumentException if it is after the upper bound
     */
    public EventQuery<E> from(@Nullable Instant newFrom) {
        return new EventQuery<>(newFrom, to, conditions, limit, order);
    }

    /**
     * Only events at or before this time; null lifts the bound.
     *
     * @throws IllegalArgumentException if it is before the lower bound
     */
    public EventQuery<E> to(@Nullable Instant newTo) {
        return new EventQuery<>(from, newTo, conditions, limit, order);
    }

    /**
     * Only events with these values in the index. For a composite index the values stand for its parts in order; a null,
     * or a missing value at the end, matches anything.
     *
     * @throws IllegalArgumentException if no value is given
     */
    public EventQuery<E> equal(String index, @Nullable Object... values) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(index, Collections.unmodifiableList(Arrays.asList(values.clone()))));
        return new EventQuery<>(from, to, List.copyOf(more), limit, order);
    }

    /**
     * At most this many events.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EventQuery<E> limit(int newLimit) {
        if (newLimit < 1) {
            throw new IllegalArgumentException("limit=" + newLimit + " must be at least 1");
        }
        return new EventQuery<>(from, to, conditions, newLimit, order);
    }

    /** Oldest or newest first. */
    public EventQuery<E> order(Order newOrder) {
        return new EventQuery<>(from, to, conditions, limit, Objects.requireNonNull(newOrder, "order"));
    }

    /** The inclusive lower bound, or null. */
    public @Nullable Instant from() {
        return from;
    }

    /** The inclusive upper bound, or null. */
    public @Nullable Instant to() {
        return to;
    }

    /** What has to match, all of it. */
    public List<Condition> conditions() {
        return conditions;
    }

    /** The largest number of events wanted. */
    public int limit() {
        return limit;
    }

    /** The direction of the answer. */
    public Order order() {
        return order;
    }

    @Override
    public String toString() {
        return "EventQuery[from=" + from + ", to=" + to + ", conditions=" + conditions + ", limit=" + limit + ", order="
                + order + "]";
    }

    /**
     * Equality on one index.
     *
     * @param index the name of the index
     * @param values one value per part, null for any
     */
    public record Condition(String index, List<@Nullable Object> values) {
        /** Refuses a condition that says nothing. */
        public Condition {
            if (values.stream().allMatch(Objects::isNull)) {
                throw new IllegalArgumentException("condition on index '" + index + "' has no value");
            }
        }
    }
}
