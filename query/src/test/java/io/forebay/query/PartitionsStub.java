package io.forebay.query;

import io.forebay.serdes.event.Event;
import io.forebay.store.EventByIdQuery;
import io.forebay.store.EventPage;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStoreStats;
import io.forebay.store.Order;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.UnknownStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;

/**
 * Partitions whose state a test decides, with the behaviour of {@link KafkaStreams#query} as in Kafka 4.3: partitions that
 * are not here are left out silently unless they are asked for by number.
 */
final class PartitionsStub implements StreamsAccess {

    private final Map<Integer, List<Event>> partitions = new TreeMap<>();
    private final Map<Integer, FailureReason> failures = new ConcurrentHashMap<>();
    private volatile KafkaStreams.State state = KafkaStreams.State.RUNNING;
    private volatile Runnable beforeAnswer = () -> {};

    PartitionsStub partition(int partition, Event... events) {
        partitions.put(partition, List.of(events));
        return this;
    }

    PartitionsStub failing(int partition, FailureReason reason) {
        failures.put(partition, reason);
        return this;
    }

    PartitionsStub state(KafkaStreams.State newState) {
        this.state = newState;
        return this;
    }

    PartitionsStub beforeAnswer(Runnable action) {
        this.beforeAnswer = action;
        return this;
    }

    @Override
    public KafkaStreams.State state() {
        return state;
    }

    @Override
    public <R> StateQueryResult<R> query(StateQueryRequest<R> request) {
        if (!request.getStoreName().equals("events")) {
            throw new UnknownStateStoreException("no store " + request.getStoreName());
        }
        beforeAnswer.run();
        StateQueryResult<R> result = new StateQueryResult<>();
        partitions.forEach((partition, events) -> {
            if (request.isAllPartitions() || request.getPartitions().contains(partition)) {
                FailureReason failure = failures.get(partition);
                result.addResult(
                        partition,
                        failure == null
                                ? QueryResult.forResult(answer(request.getQuery(), events))
                                : QueryResult.forFailure(failure, "made to fail"));
            }
        });
        if (!request.isAllPartitions()) {
            request.getPartitions().stream()
                    .filter(partition -> !partitions.containsKey(partition))
                    .forEach(partition ->
                            result.addResult(partition, QueryResult.forFailure(FailureReason.NOT_PRESENT, "not here")));
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static <R> R answer(Query<R> query, List<Event> events) {
        if (query instanceof EventQuery<?> eventQuery) {
            Comparator<Event> order = Comparator.comparing(Event::getTimestamp).thenComparing(Event::getId);
            List<Event> page = events.stream()
                    .sorted(eventQuery.order() == Order.ASC ? order : order.reversed())
                    .limit(eventQuery.limit())
                    .toList();
            return (R) new EventPage<>(page, null);
        }
        if (query instanceof EventByIdQuery<?> byId) {
            return (R) events.stream()
                    .filter(event -> event.getId().equals(byId.id()))
                    .findFirst();
        }
        Supplier<EventStoreStats> stats = () -> new EventStoreStats(events.size(), null, null, 0, 0, 1, 10, 100);
        return (R) stats.get();
    }
}
