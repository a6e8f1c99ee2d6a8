package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.store.IngestTopology.STORE;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.benchmarks.cases.Tally;
import io.forebay.store.EventByIdQuery;
import io.forebay.store.EventPage;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStatsQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * A Kafka Streams application with one StreamThread that puts the events of a topic into its stores.
 *
 * <p>Everything is left at its default, but for static membership: the group of an application that comes back does not wait
 * for its former self to time out.
 */
final class IngestApplication implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaStreams streams;
    private final CompletableFuture<Long> runningNanos = new CompletableFuture<>();
    private final Restored restored = new Restored();

    /** How an application is told apart from others. */
    record Options(StoreKind kind, String id, String guarantee, String bootstrapServers, String topic, Path stateDir) {

        static Options of(CaseArguments args) {
            return new Options(
                    args.choice("kind", StoreKind.class),
                    args.get("id"),
                    args.get("guarantee"),
                    args.get("bootstrap"),
                    args.get("topic"),
                    args.path("directory"));
        }

        /** Another application of the same kind. */
        Options with(String otherId, String otherTopic) {
            return new Options(kind, otherId, guarantee, bootstrapServers, otherTopic, stateDir);
        }

        private Properties config() {
            Properties config = new Properties();
            config.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
            config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
            config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
            config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
            config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
            return config;
        }
    }

    /** Starts one. */
    IngestApplication(Options options, Tally tally) {
        streams = new KafkaStreams(
                IngestTopology.of(options.kind(), options.topic(), EventTopics.SAMPLE, tally), options.config());
        streams.setGlobalStateRestoreListener(restored);
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.RUNNING) {
                runningNanos.complete(System.nanoTime());
            }
            CaseArguments.endIfFailed(state);
        });
        streams.start();
    }

    /** Waits until it is running, with everything restored, and says since when ({@link System#nanoTime}). */
    long awaitRunning() throws Exception {
        return runningNanos.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** How many changelog records were read before it was running. */
    long restoredRecords() {
        return restored.records.get();
    }

    /** When the first restoration began ({@link System#nanoTime}). */
    long restoreStartNanos() {
        return restored.startNanos.get();
    }

    @Override
    public void close() {
        if (!streams.close(PATIENCE)) {
            throw new IllegalStateException("the application did not close within " + PATIENCE);
        }
    }

    /** What is in the event store. */
    EventReads eventReads() {
        return new EventReads() {
            @Override
            public long count() {
                return ask(new EventStatsQuery()).total();
            }

            @Override
            public Optional<SampleEvent> get(String id) {
                return ask(new EventByIdQuery<SampleEvent>(id));
            }

            @Override
            public EventPage<SampleEvent> query(EventQuery<SampleEvent> query) {
                return ask(query);
            }
        };
    }

    private <R> R ask(Query<R> query) {
        return Objects.requireNonNull(
                streams.query(StateQueryRequest.inStore(STORE).withQuery(query))
                        .getOnlyPartitionResult()
                        .getResult());
    }

    /** The built-in store by id. */
    ReadOnlyKeyValueStore<Bytes, SampleEvent> builtIn() {
        return streams.store(
                StoreQueryParameters.fromNameAndType(BuiltInStores.BY_ID, QueryableStoreTypes.keyValueStore()));
    }

    private static final class Restored implements StateRestoreListener {

        private final AtomicLong records = new AtomicLong();
        private final AtomicLong startNanos = new AtomicLong();

        @Override
        public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
            startNanos.compareAndSet(0, System.nanoTime());
        }

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long endOffset, long count) {
            records.addAndGet(count);
        }

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long total) {}
    }
}
