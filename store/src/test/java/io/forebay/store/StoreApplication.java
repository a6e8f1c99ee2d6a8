package io.forebay.store;

import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;
import org.jspecify.annotations.Nullable;

/** A Kafka Streams application that does nothing but put the samples of a topic into a store. */
final class StoreApplication implements AutoCloseable {

    static final String STORE = "samples";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String DELETE = "delete";
    static final String FAIL = "fail";
    static final String RUNNING = "running, restored ";

    private final KafkaStreams streams;
    private final AtomicLong restored = new AtomicLong();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<QueriedEventStore<Sample>> stores = ConcurrentHashMap.newKeySet();

    private StoreApplication(ApplicationSettings settings, UnaryOperator<EventStoreBuilder<Sample>> change) {
        HaltAt halt = HaltAt.configured();
        EventStoreBuilder<Sample> store =
                change.apply(EventStores.builder(STORE, Sample.definition())).crashPoints(halt);
        if (settings.eviction().hasRetention()) {
            store.retention(Duration.ofNanos(settings.eviction().retentionNanos()));
        }
        if (settings.eviction().hasMaxEvents()) {
            store.maxEvents(settings.eviction().maxEvents());
        }
        if (!settings.logged()) {
            store.withLoggingDisabled();
        }
        Topology topology = new Topology();
        topology.addSource("in", Serdes.String().deserializer(), Sample.serde().deserializer(), settings.topic());
        topology.addProcessor("put", () -> new Put(stores), "in");
        topology.addStateStore(store, "put");
        streams = new KafkaStreams(topology, settings.toProperties(), halt);
        streams.setGlobalStateRestoreListener(new RestoreCounter());
        streams.setUncaughtExceptionHandler(this::handle);
    }

    /** What the processor was told to do is healed by another thread; anything else ends the application. */
    private StreamThreadExceptionResponse handle(Throwable exception) {
        Throwable root = rootOf(exception);
        if (root instanceof ToldToFailException) {
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        failure.compareAndSet(null, root);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    static StoreApplication start(String bootstrapServers, String topic, String guarantee, Path stateDir) {
        return start(ApplicationSettings.of(bootstrapServers, topic, guarantee, stateDir));
    }

    /** Starts one whose store is not quite the usual one. */
    static StoreApplication start(
            String bootstrapServers,
            String topic,
            String guarantee,
            Path stateDir,
            UnaryOperator<EventStoreBuilder<Sample>> change) {
        return start(ApplicationSettings.of(bootstrapServers, topic, guarantee, stateDir), change);
    }

    static StoreApplication start(ApplicationSettings settings) {
        return start(settings, UnaryOperator.identity());
    }

    private static StoreApplication start(
            ApplicationSettings settings, UnaryOperator<EventStoreBuilder<Sample>> change) {
        StoreApplication app = new StoreApplication(settings, change);
        app.streams.start();
        app.await("RUNNING", () -> app.streams.state() == KafkaStreams.State.RUNNING);
        return app;
    }

    /** Runs until it is killed, or told to stop by the end of its standard input. Says what it restored. */
    public static void main(String[] args) throws IOException {
        try (StoreApplication app = start(ApplicationSettings.of(args))) {
            System.out.println(RUNNING + app.restoredRecords());
            while (System.in.read() >= 0) {
                // nothing is said to it but the end
            }
        }
    }

    /** Waits until it processes at least so many partitions. */
    void awaitActiveTasks(int count) {
        await(count + " active tasks", () -> activeTasks() >= count);
    }

    long activeTasks() {
        return streams.metadataForLocalThreads().stream()
                .mapToLong(thread -> thread.activeTasks().size())
                .sum();
    }

    /** Waits until its store has seen everything up to a bound. */
    void awaitBound(PositionBound bound) {
        await("answer past " + bound, () -> {
            Collection<QueryResult<EventStoreStats>> answers = statsByPartition(bound);
            return !answers.isEmpty() && answers.stream().allMatch(QueryResult::isSuccess);
        });
    }

    /** Waits until it has failed, doing something again and again meanwhile, and says why: what our own code said. */
    Throwable awaitFailure(Runnable meanwhile) {
        await("failure", () -> {
            meanwhile.run();
            return failure.get() != null && streams.state() == KafkaStreams.State.ERROR;
        });
        return Objects.requireNonNull(failure.get());
    }

    private static Throwable rootOf(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && !(root instanceof ProcessorStateException)) {
            root = root.getCause();
        }
        return root;
    }

    /** Waits until its open stores hold so many events; meanwhile a task may fail, and come back. */
    void awaitEvents(long count) {
        await(count + " events", () -> {
            Collection<QueryResult<EventStoreStats>> answers = statsByPartition(PositionBound.unbounded());
            return answers.stream().allMatch(QueryResult::isSuccess)
                    && sum(answers).total() == count;
        });
    }

    EventStoreStats stats() {
        return sum(statsByPartition(PositionBound.unbounded()));
    }

    private static EventStoreStats sum(Collection<QueryResult<EventStoreStats>> answers) {
        return answers.stream().map(QueryResult::getResult).reduce(EventStoreStats.EMPTY, EventStoreStats::plus);
    }

    private Collection<QueryResult<EventStoreStats>> statsByPartition(PositionBound bound) {
        StateQueryRequest<EventStoreStats> request = StateQueryRequest.inStore(STORE)
                .withQuery(new EventStatsQuery())
                .withPositionBound(bound);
        return streams.query(request).getPartitionResults().values();
    }

    List<Sample> query(EventQuery<Sample> query, PositionBound bound) {
        StateQueryResult<EventPage<Sample>> result =
                streams.query(StateQueryRequest.inStore(STORE).withQuery(query).withPositionBound(bound));
        return result.getPartitionResults().values().stream()
                .flatMap(partition -> partition.getResult().events().stream())
                .toList();
    }

    /** All partitions as one. */
    ReadOnlyEventStore<Sample> facade() {
        return streams.store(
                StoreQueryParameters.fromNameAndType(STORE, EventStores.queryableType(Sample.definition())));
    }

    long restoredRecords() {
        return restored.get();
    }

    /** Also makes sure that nobody has forgotten to close an iterator. */
    @Override
    public void close() {
        close(REMAIN_IN_GROUP);
    }

    /** Closes it so that others take over at once. */
    void leave() {
        close(LEAVE_GROUP);
    }

    private void close(GroupMembershipOperation operation) {
        int openIterators =
                stores.stream().mapToInt(QueriedEventStore::openIterators).sum();
        if (!streams.close(CloseOptions.groupMembershipOperation(operation).withTimeout(PATIENCE))) {
            throw new AssertionError("the application did not close within " + PATIENCE);
        }
        if (openIterators > 0) {
            throw new AssertionError(openIterators + " iterator(s) were not closed; the log says where they come from");
        }
    }

    void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("no " + what + " within " + PATIENCE + "; state " + streams.state());
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /**
     * Puts; a sample whose process is "delete" removes the one of its id, and one whose process is "fail" makes the
     * application fail the first time.
     */
    private final class Put implements Processor<String, Sample, Void, Void> {

        private final Set<QueriedEventStore<Sample>> stores;
        private @Nullable EventStore<Sample> store;

        Put(Set<QueriedEventStore<Sample>> stores) {
            this.stores = stores;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            QueriedEventStore<Sample> opened = context.getStateStore(STORE);
            stores.add(opened);
            store = opened;
        }

        @Override
        public void process(Record<String, Sample> record) {
            if (FAIL.equals(record.value().process()) && failed.compareAndSet(false, true)) {
                throw new ToldToFailException();
            }
            if (DELETE.equals(record.value().process())) {
                Objects.requireNonNull(store).delete(record.value().id());
            } else {
                Objects.requireNonNull(store).put(record.value());
            }
        }
    }

    private static final class ToldToFailException extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private final class RestoreCounter implements StateRestoreListener {

        @Override
        public void onRestoreStart(TopicPartition partition, String store, long start, long end) {}

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long endOffset, long count) {
            restored.addAndGet(count);
        }

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long total) {}
    }
}
