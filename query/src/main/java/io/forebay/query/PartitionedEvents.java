package io.forebay.query;

import io.forebay.store.EventByIdQuery;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventPage;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStatsQuery;
import io.forebay.store.EventStoreStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.UnknownStateStoreException;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;

/**
 * The partitions of an event store taken together, as if they were one store.
 *
 * <p>Kafka Streams answers with the partitions it has at the moment, which during a rebalance or a restore are too few,
 * without saying so. Three rules make sure that an answer is whole: the application has to be {@code RUNNING} before
 * the question and after the answer; only active tasks count; and all partitions that are known to exist have to be
 * among the answers, or at least one if their number is not known.
 *
 * <p>Thread-safe. Methods run on the calling thread and take as long as the stores do.
 */
final class PartitionedEvents<E> {

    private final StreamsAccess streams;
    private final String storeName;
    private final Set<Integer> expected;
    private final EventDefinition<E> definition;

    /**
     * Looks at a store.
     *
     * @param partitions how many there are, all of them on this instance; 0 if that is not known
     */
    PartitionedEvents(StreamsAccess streams, String storeName, EventDefinition<E> definition, int partitions) {
        this.streams = streams;
        this.storeName = storeName;
        this.expected = IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet());
        this.definition = definition;
    }

    /** The state of the application. */
    KafkaStreams.State state() {
        return streams.state();
    }

    /** Whether the topology has this store at all; asks no partition. */
    boolean storeExists() {
        try {
            streams.query(StateQueryRequest.inStore(storeName)
                    .withQuery(new EventStatsQuery())
                    .withPartitions(Set.of()));
            return true;
        } catch (UnknownStateStoreException e) {
            return false;
        } catch (InvalidStateStoreException e) {
            return true;
        }
    }

    /** The first events of all partitions, in one order. */
    List<E> query(EventQuery<E> query) {
        return EventPage.merge(requireAll(ask(query)).values(), definition, query)
                .events();
    }

    /**
     * The event with this id. An event that one partition has is good even if another cannot answer; that there is none
     * takes all of them. If several have it (a producer changed its partitioning), the newest is it.
     */
    Optional<E> get(String id) {
        Answers<Optional<E>> answers = ask(new EventByIdQuery<>(id));
        Optional<E> newest =
                answers.results.values().stream().flatMap(Optional::stream).max(definition.order());
        if (newest.isEmpty()) {
            requireAll(answers);
        }
        return newest;
    }

    /** What each partition holds, by its number. */
    SortedMap<Integer, EventStoreStats> stats() {
        return requireAll(ask(new EventStatsQuery()));
    }

    private <R> Answers<R> ask(Query<R> query) {
        requireRunning();
        Map<Integer, QueryResult<R>> results = send(query);
        requireRunning();
        return Answers.of(results);
    }

    private <R> Map<Integer, QueryResult<R>> send(Query<R> query) {
        StateQueryRequest<R> request =
                StateQueryRequest.inStore(storeName).withQuery(query).requireActive();
        try {
            return streams.query(expected.isEmpty() ? request : request.withPartitions(expected))
                    .getPartitionResults();
        } catch (UnknownStateStoreException e) {
            throw QueryFailedException.broken("the topology has no store '" + storeName + "'", List.of());
        } catch (InvalidStateStoreException e) {
            throw QueryFailedException.unavailable("store '" + storeName + "' cannot be queried at the moment", e);
        }
    }

    private void requireRunning() {
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.RUNNING) {
            throw QueryFailedException.unavailable(StateText.of(state), (Throwable) null);
        }
    }

    private <R> SortedMap<Integer, R> requireAll(Answers<R> answers) {
        List<PartitionFailure> failures = answers.failures;
        if (!failures.isEmpty()) {
            String message = failures.size() + " of " + (failures.size() + answers.results.size())
                    + " partitions of store '" + storeName + "' did not answer: "
                    + failures.stream().map(PartitionFailure::partition).toList();
            throw failures.stream().allMatch(PartitionFailure::isTransient)
                    ? QueryFailedException.unavailable(message, failures)
                    : QueryFailedException.broken(message, failures);
        }
        if (answers.results.isEmpty()) {
            throw QueryFailedException.unavailable(
                    "this instance has no partition of store '" + storeName + "' at the moment", List.of());
        }
        return answers.results;
    }

    /** What came back, sorted by partition. */
    private record Answers<R>(SortedMap<Integer, R> results, List<PartitionFailure> failures) {

        static <R> Answers<R> of(Map<Integer, QueryResult<R>> byPartition) {
            SortedMap<Integer, R> results = new TreeMap<>();
            List<PartitionFailure> failures = new ArrayList<>();
            new TreeMap<>(byPartition).forEach((partition, result) -> {
                if (result.isSuccess()) {
                    results.put(partition, result.getResult());
                } else {
                    failures.add(
                            new PartitionFailure(partition, result.getFailureReason(), result.getFailureMessage()));
                }
            });
            return new Answers<>(results, failures);
        }
    }
}
