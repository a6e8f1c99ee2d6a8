package io.forebay.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * Asks for events by time range and by any number of indexes, all of which have to match.
 *
 * <p>The answer is ordered by timestamp, ties by id, in the given {@link Order}. Both time bounds are inclusive. Without any
 * condition the query walks all events. The limit is the size of a page: {@link ReadOnlyEventStore#query} keeps to it,
 * {@link ReadOnlyEventStore#scan} and {@link ReadOnlyEventStore#count} do not look at it.
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
 * <p><b>Complexity.</b> Conditions that give every part of an index are intersected by leapfrogging: the work is bounded by
 * the rarest of them. One that leaves parts open, or gives a range, is first resolved to the values that occur, one seek for
 * each; if they are more than 1,024, or the other conditions leave few events anyway, it is checked against each event that
 * the rest of the query finds, which then has to be read ({@code docs/decisions/206} has the measurements).
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
    private final @Nullable String after;
    private final int limit;
    private final Order order;
    private final IsolationLevel isolation;

    private EventQuery(
            @Nullable Instant from,
            @Nullable Instant to,
            List<Condition> conditions,
            @Nullable String after,
            int limit,
            Order order,
            IsolationLevel isolation) {
        if (from != null && to != null && from.isAfter(to)) {
            throw new IllegalArgumentException("from=" + from + " is after to=" + to);
        }
        this.from = from;
        this.to = to;
        this.conditions = conditions;
        this.after = after;
        this.limit = limit;
        this.order = order;
        this.isolation = isolation;
    }

    /** Every event, oldest first, up to {@link #DEFAULT_LIMIT}, uncommitted ones included. */
    public static <E> EventQuery<E> all() {
        return new EventQuery<>(null, null, List.of(), null, DEFAULT_LIMIT, Order.ASC, IsolationLevel.READ_UNCOMMITTED);
    }

    /**
     * Only events at or after this time; null lifts the bound.
     *
     * @throws IllegalArgumentException if it is after the upper bound
     */
    public EventQuery<E> from(@Nullable Instant newFrom) {
        return new EventQuery<>(newFrom, to, conditions, after, limit, order, isolation);
    }

    /**
     * Only events at or before this time; null lifts the bound.
     *
     * @throws IllegalArgumentException if it is before the lower bound
     */
    public EventQuery<E> to(@Nullable Instant newTo) {
        return new EventQuery<>(from, newTo, conditions, after, limit, order, isolation);
    }

    /**
     * Only events with these values in the index. For a composite index the values stand for its parts in order; a null,
     * or a missing value at the end, matches anything.
     *
     * @throws IllegalArgumentException if no value is given
     */
    public EventQuery<E> equal(String index, @Nullable Object... values) {
        return with(new Equal(index, Collections.unmodifiableList(Arrays.asList(values.clone()))));
    }

    /**
     * Only events that have a number in this range in the index, which must be a simple one on whole numbers; null lifts
     * a bound.
     *
     * @throws IllegalArgumentException if no bound is given, or they contradict each other
     */
    public EventQuery<E> between(String index, @Nullable Long fromInclusive, @Nullable Long toInclusive) {
        return with(new Between(index, fromInclusive, toInclusive));
    }

    /**
     * Only what comes after a page: the {@link EventPage#next()} of the answer to the same query. Limit and isolation
     * may differ from page to page. Whoever goes through the pages of a query while the store is written to gets every
     * event that was there the whole time exactly once. Null starts from the beginning.
     *
     * @throws IllegalArgumentException if it is not a token; that it belongs to another query is noticed when the query
     *     is answered
     */
    public EventQuery<E> after(@Nullable String token) {
        if (token != null) {
            PageToken.parse(token);
        }
        return new EventQuery<>(from, to, conditions, token, limit, order, isolation);
    }

    /**
     * At most this many events in a page.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EventQuery<E> limit(int newLimit) {
        if (newLimit < 1) {
            throw new IllegalArgumentException("limit=" + newLimit + " must be at least 1");
        }
        return new EventQuery<>(from, to, conditions, after, newLimit, order, isolation);
    }

    /** Oldest or newest first. */
    public EventQuery<E> order(Order newOrder) {
        Objects.requireNonNull(newOrder, "order");
        return new EventQuery<>(from, to, conditions, after, limit, newOrder, isolation);
    }

    /**
     * Whether to see what is not committed yet (the default: the freshest), or only what is known to be committed. The
     * latter lags behind by one commit. Without a changelog it is what was put before the last commit began.
     */
    public EventQuery<E> isolation(IsolationLevel newIsolation) {
        Objects.requireNonNull(newIsolation, "isolation");
        return new EventQuery<>(from, to, conditions, after, limit, order, newIsolation);
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

    /** The token of the page it goes on from, or null. */
    public @Nullable String after() {
        return after;
    }

    /** The largest number of events wanted. */
    public int limit() {
        return limit;
    }

    /** The direction of the answer. */
    public Order order() {
        return order;
    }

    /** Whether uncommitted events are seen. */
    public IsolationLevel isolation() {
        return isolation;
    }

    @Override
    public String toString() {
        return "EventQuery[from=" + from + ", to=" + to + ", conditions=" + conditions + ", after=" + after + ", limit="
                + limit + ", order=" + order + ", isolation=" + isolation + "]";
    }

    private EventQuery<E> with(Condition condition) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(condition);
        return new EventQuery<>(from, to, List.copyOf(more), after, limit, order, isolation);
    }

    /** What has to hold for one index. */
    public sealed interface Condition {

        /** The name of the index. */
        String index();

        /** What is given, in an order that depends on the kind of condition; null for what is left open. */
        List<@Nullable Object> operands();
    }

    /**
     * Equality.
     *
     * @param index the name of the index
     * @param values one value per part, null for any
     */
    public record Equal(String index, List<@Nullable Object> values) implements Condition {
        /** Refuses a condition that says nothing. */
        public Equal {
            if (values.stream().allMatch(Objects::isNull)) {
                throw new IllegalArgumentException("condition on index '" + index + "' has no value");
            }
        }

        @Override
        public List<@Nullable Object> operands() {
            return values;
        }
    }

    /**
     * A range of whole numbers.
     *
     * @param index the name of the index
     * @param from the inclusive lower bound, or null
     * @param to the inclusive upper bound, or null
     */
    public record Between(
            String index, @Nullable Long from, @Nullable Long to) implements Condition {
        /** Refuses a condition that says nothing, or that nothing can match. */
        public Between {
            if (from == null && to == null) {
                throw new IllegalArgumentException("range on index '" + index + "' has no bound");
            }
            if (from != null && to != null && from > to) {
                throw new IllegalArgumentException(
                        "range on index '" + index + "': from=" + from + " is greater than to=" + to);
            }
        }

        @Override
        public List<@Nullable Object> operands() {
            return Collections.unmodifiableList(Arrays.asList(from, to));
        }
    }
}
