package io.forebay.query;

import io.forebay.store.EventDefinition;
import io.forebay.store.EventIndex;
import io.forebay.store.EventQuery;
import io.forebay.store.Order;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parameters of a request into a query.
 *
 * <p>Besides {@code from}, {@code to}, {@code limit} and {@code order} there is one parameter for each part of each index
 * of the definition, under the name of the part. A part that several indexes share is put to all of them.
 *
 * <p>Immutable and thread-safe.
 */
final class QueryParameters<E> {

    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String LIMIT = "limit";
    private static final String ORDER = "order";
    private static final Set<String> OWN = Set.of(FROM, TO, LIMIT, ORDER);

    private final List<EventIndex<E>> indexes;
    private final int maxLimit;
    private final Set<String> known;
    private final Set<String> filters;

    /**
     * Parameters for these events.
     *
     * @throws IllegalArgumentException if a part of an index has the name of another parameter
     */
    QueryParameters(EventDefinition<E> definition, int maxLimit) {
        this.indexes = definition.indexes();
        this.maxLimit = maxLimit;
        this.filters = new LinkedHashSet<>();
        indexes.forEach(index -> filters.addAll(index.partNames()));
        filters.stream().filter(OWN::contains).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("an index has a part named '" + name
                    + "', which is the name of a parameter of its own over HTTP; rename the part");
        });
        this.known = new LinkedHashSet<>(List.of(FROM, TO));
        known.addAll(filters);
        known.addAll(List.of(LIMIT, ORDER));
    }

    /** The names of the parameters that filter by an index. */
    Set<String> filters() {
        return filters;
    }

    /** How many events an answer has if the request does not say. */
    int defaultLimit() {
        return Math.min(EventQuery.DEFAULT_LIMIT, maxLimit);
    }

    /** The largest limit a request may name. */
    int maxLimit() {
        return maxLimit;
    }

    /**
     * Reads a request.
     *
     * @throws ProblemException naming the parameter and the value that is wrong
     */
    EventQuery<E> parse(Map<String, List<String>> parameters) {
        Map<String, String> values = SingleValues.of(parameters, known);
        EventQuery<E> query = timeRange(values)
                .limit(WholeNumber.parse(LIMIT, values.get(LIMIT), defaultLimit(), maxLimit))
                .order(order(values.get(ORDER)));
        for (EventIndex<E> index : indexes) {
            if (index.partNames().stream().anyMatch(values::containsKey)) {
                query = query.equal(index.name(), indexValues(index, values));
            }
        }
        return query;
    }

    private EventQuery<E> timeRange(Map<String, String> values) {
        Instant from = time(FROM, values.get(FROM));
        Instant to = time(TO, values.get(TO));
        if (from != null && to != null && from.isAfter(to)) {
            throw new ProblemException(Problem.invalidParameter(
                    FROM,
                    values.getOrDefault(FROM, ""),
                    "from '" + values.get(FROM) + "' is after to '" + values.get(TO) + "'"));
        }
        return EventQuery.<E>all().from(from).to(to);
    }

    private static @Nullable Instant time(String parameter, @Nullable String text) {
        return text == null ? null : TimeParameter.parse(parameter, text);
    }

    private static Order order(@Nullable String text) {
        if (text == null) {
            return Order.ASC;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "asc" -> Order.ASC;
            case "desc" -> Order.DESC;
            default ->
                throw new ProblemException(Problem.invalidParameter(
                        ORDER, text, "order '" + text + "' must be asc (oldest first) or desc (newest first)"));
        };
    }

    private static <E> @Nullable Object[] indexValues(EventIndex<E> index, Map<String, String> values) {
        return index.partNames().stream()
                .map(part -> indexValue(index, part, values.get(part)))
                .toArray();
    }

    private static <E> @Nullable Object indexValue(EventIndex<E> index, String part, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return index.parse(part, text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.invalidParameter(part, text, part + ": " + e.getMessage()));
        }
    }
}
