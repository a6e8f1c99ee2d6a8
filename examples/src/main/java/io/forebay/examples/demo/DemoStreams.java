package io.forebay.examples.demo;

import io.forebay.processor.EventIndexer;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventStores;
import io.forebay.store.TraceEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;

/** The Kafka Streams application of the demo: one topic of events, indexed exactly once. */
final class DemoStreams implements AutoCloseable {

    /** The name of the event store in the topology. */
    static final String STORE = "events";

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(4);

    private final EventIndexer<String, Event> indexer;
    private final KafkaStreams streams;
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile Runnable onFailure = () -> {};

    private DemoStreams(EventIndexer<String, Event> indexer, KafkaStreams streams) {
        this.indexer = indexer;
        this.streams = streams;
    }

    /**
     * Builds the application; it does not run yet. The store has a serde of its own, which needs no registry: state must be
     * readable whatever else runs, and whatever the topic's serde will be in the next run.
     */
    static DemoStreams create(Settings settings, Serde<Event> topicSerde, DeadLetters deadLetters) {
        Serde<Event> storeSerde = AvroSerdes.specific(Event.class).build();
        EventIndexer<String, Event> indexer = EventIndexer.<String, Event>builder(
                        EventStores.builder(STORE, TraceEvents.definition(storeSerde)))
                .forward(false)
                .build();
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(settings.topic, Consumed.with(Serdes.String(), topicSerde))
                .process(indexer);
        KafkaStreams streams = new KafkaStreams(builder.build(), settings.toConfig(deadLetters));
        DemoStreams application = new DemoStreams(indexer, streams);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING || now == KafkaStreams.State.ERROR) {
                application.decided.countDown();
            }
            if (now == KafkaStreams.State.ERROR) {
                application.onFailure.run();
            }
        });
        return application;
    }

    /**
     * Starts, and waits until the state is restored and records are processed.
     *
     * @param onFailure run once if the application fails later
     */
    void start(Duration timeout, Runnable onFailure) throws InterruptedException {
        this.onFailure = onFailure;
        streams.start();
        if (!decided.await(timeout.toMillis(), TimeUnit.MILLISECONDS)
                || !streams.state().isRunningOrRebalancing()) {
            throw new IllegalStateException("the Kafka Streams application is " + streams.state() + " after "
                    + timeout.toSeconds() + " s, not RUNNING");
        }
    }

    KafkaStreams streams() {
        return streams;
    }

    EventIndexer<String, Event> indexer() {
        return indexer;
    }

    @Override
    public void close() {
        if (!streams.close(CLOSE_TIMEOUT)) {
            throw new IllegalStateException("Kafka Streams did not stop within " + CLOSE_TIMEOUT.toSeconds() + " s");
        }
    }

    /**
     * Where and as what the application runs.
     *
     * @param applicationId also the consumer group
     * @param stateDir for the state stores
     * @param memberId the same for every run on this state directory, another on any other
     */
    record Settings(
            String bootstrapServers,
            String topic,
            String deadLetterTopic,
            String applicationId,
            Path stateDir,
            String memberId) {

        private Properties toConfig(DeadLetters deadLetters) {
            Map<String, Object> config = new HashMap<>();
            config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
            config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
            config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
            config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UnreadableRecords.class);
            config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedRecords.class);
            config.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, deadLetterTopic);
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
            // A static member that comes back takes its place at once; otherwise the group waits for its former self to
            // time out, at every start after a kill.
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), memberId);
            config.put(DeadLetters.CONFIG, deadLetters);
            Properties properties = new Properties();
            properties.putAll(config);
            return properties;
        }
    }
}
