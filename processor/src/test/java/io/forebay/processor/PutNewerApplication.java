package io.forebay.processor;

import io.forebay.store.EventDefinition;
import io.forebay.store.EventStores;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStoreBuilder;
import io.forebay.store.LatestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;

/** A {@link PutNewer} between two topics; values are {@code version:anything}, and the key of a value that ends with nothing is deleted. */
final class PutNewerApplication {

    static final String RUNNING = "running";

    private PutNewerApplication() {}

    /**
     * How it runs.
     *
     * @param topic the input; the output and the application are named after it
     * @param flushMs the flush interval, in milliseconds
     */
    record Settings(String bootstrapServers, String topic, String guarantee, Path stateDir, long flushMs) {

        Settings stateDir(Path newStateDir) {
            return new Settings(bootstrapServers, topic, guarantee, newStateDir, flushMs);
        }

        Settings flushing(Duration interval) {
            return new Settings(bootstrapServers, topic, guarantee, stateDir, interval.toMillis());
        }

        String output() {
            return topic + "-newest";
        }

        String applicationId() {
            return "app-" + topic;
        }

        List<String> arguments() {
            return List.of(bootstrapServers, topic, guarantee, stateDir.toString(), Long.toString(flushMs));
        }

        static Settings of(String... arguments) {
            return new Settings(
                    arguments[0], arguments[1], arguments[2], Path.of(arguments[3]), Long.parseLong(arguments[4]));
        }

        private Properties toProperties() {
            Properties config = new Properties();
            config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
            config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
            config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
            config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
            config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
            config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
            return config;
        }
    }

    static KafkaStreams start(Settings settings) {
        StreamsBuilder builder = new StreamsBuilder();
        input(settings, builder)
                .process(step(settings, store()))
                .to(settings.output(), Produced.with(Serdes.String(), Serdes.String()));
        return start(settings, builder);
    }

    /** Behind a step that looks at the store, and an indexer that hands on what it has only when the task commits. */
    static KafkaStreams startBehindIndexer(Settings settings) {
        StreamsBuilder builder = new StreamsBuilder();
        LatestStoreBuilder<String, String> store = store();
        builder.addStateStore(store);
        EventDefinition<String> events = EventDefinition.builder(Serdes.String())
                .id(text -> text)
                .timestamp(text -> Instant.EPOCH)
                .build();
        input(settings, builder)
                .process(Reading::new, store.name())
                .process(EventIndexer.<String, String>builder(EventStores.builder("events", events))
                        .flushInterval(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME)
                        .build())
                .process(step(settings, store))
                .to(settings.output(), Produced.with(Serdes.String(), Serdes.String()));
        return start(settings, builder);
    }

    private static KStream<String, String> input(Settings settings, StreamsBuilder builder) {
        return builder.stream(settings.topic, Consumed.with(Serdes.String(), Serdes.String()));
    }

    private static LatestStoreBuilder<String, String> store() {
        return LatestStores.builder("newest", LatestDefinition.of(Serdes.String(), Serdes.String()));
    }

    private static PutNewer<String, String> step(Settings settings, LatestStoreBuilder<String, String> store) {
        return PutNewer.builder(
                        store,
                        VersionSource.<String, String>value(
                                value -> Long.parseLong(value.substring(0, value.indexOf(':')))))
                .flushInterval(Duration.ofMillis(settings.flushMs), PunctuationType.WALL_CLOCK_TIME)
                .build();
    }

    private static KafkaStreams start(Settings settings, StreamsBuilder builder) {
        KafkaStreams streams = new KafkaStreams(builder.build(), settings.toProperties());
        streams.start();
        Awaitility.await(RUNNING)
                .atMost(Duration.ofSeconds(60))
                .until(() -> streams.state() == KafkaStreams.State.RUNNING);
        return streams;
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws IOException {
        try (KafkaStreams streams = start(Settings.of(args))) {
            System.out.println(RUNNING);
            while (System.in.read() >= 0) {
                // nothing is said to it but the end
            }
            streams.close();
        }
    }

    /** Passes on, and may look at stores. */
    private static final class Reading extends ContextualProcessor<String, String, String, String> {

        @Override
        public void process(Record<String, String> record) {
            context().forward(record);
        }
    }
}
