package io.forebay.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
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
    static final String RUNNING = "running, restored ";

    private final KafkaStreams streams;
    private final AtomicLong restored = new AtomicLong();
    private final Set<QueriedEventStore<Sample>> stores = ConcurrentHashMap.newKeySet();

    private StoreApplication(String bootstrapServers, String topic, String guarantee, Path stateDir) {
        Topology topology = new Topology();
        topology.addSource("in", topic);
        topology.addProcessor("put", () -> new Put(stores), "in");
        topology.addStateStore(EventStores.builder(STORE, Sample.definition()), "put");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app-" + topic);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        // A static member that comes back takes its place at once, instead of waiting for its former self to time out.
        config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, SampleSerde.class);
        streams = new KafkaStreams(topology, config);
        streams.setGlobalStateRestoreListener(new RestoreCounter());
    }

    static StoreApplication start(String bootstrapServers, String topic, String guarantee, Path stateDir) {
        StoreApplication app = new StoreApplication(bootstrapServers, topic, guarantee, stateDir);
        app.streams.start();
        app.await("RUNNING", () -> app.streams.state() == KafkaStreams.State.RUNNING);
        return app;
    }

    /** Runs until it is killed, or told to stop by the end of its standard input. Says what it restored. */
    public static void main(String[] args) throws IOException {
        try (StoreApplication app = start(args[0], args[1], args[2], Path.of(args[3]))) {
            System.out.println(RUNNING + app.restoredRecords());
            while (System.in.read() >= 0) {
                // nothing is said to it but the end
            }
        }
    }

    void awaitEvents(long count) {
        await(count + " events", () -> stats().total() == count);
    }

    EventStoreStats stats() {
        StateQueryResult<EventStoreStats> result =
                streams.query(StateQueryRequest.inStore(STORE).withQuery(new EventStatsQuery()));
        return result.getPartitionResults().values().stream()
                .map(QueryResult::getResult)
                .reduce(EventStoreStats.EMPTY, EventStoreStats::plus);
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
        int openIterators =
                stores.stream().mapToInt(QueriedEventStore::openIterators).sum();
        if (!streams.close(PATIENCE)) {
            throw new AssertionError("the application did not close within " + PATIENCE);
        }
        if (openIterators > 0) {
            throw new AssertionError(openIterators + " iterator(s) were not closed; the log says where they come from");
        }
    }

    private void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("no " + what + " within " + PATIENCE + "; state " + streams.state());
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /** Puts; a sample whose process is "delete" removes the one of its id. */
    private static final class Put implements Processor<String, Sample, Void, Void> {

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
            if (DELETE.equals(record.value().process())) {
                Objects.requireNonNull(store).delete(record.value().id());
            } else {
                Objects.requireNonNull(store).put(record.value());
            }
        }
    }

    /** The serde of samples, as Kafka Streams wants it: a class. */
    public static final class SampleSerde extends Serdes.WrapperSerde<Sample> {
        /** For Kafka Streams. */
        public SampleSerde() {
            super(Sample.serde().serializer(), Sample.serde().deserializer());
        }
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
