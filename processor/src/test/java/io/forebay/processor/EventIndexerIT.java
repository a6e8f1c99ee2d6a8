package io.forebay.processor;

import io.forebay.store.EventDefinition;
import io.forebay.store.EventStores;
import io.forebay.store.ReadOnlyEventStore;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.PunctuationType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What makes an indexer hand its events over, in an application that commits when it is closed and not before. */
class EventIndexerIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final EventDefinition<String> DEFINITION = EventDefinition.builder(Serdes.String())
            .id(value -> value)
            .timestampNanos(value -> 1)
            .build();

    private final String topic = kafka.createTopic(kafka.uniqueName("indexed"), 1);

    @Test
    void handsOverByTheWallClock() {
        try (KafkaStreams streams =
                start(options -> options.flushInterval(Duration.ofMillis(20), PunctuationType.WALL_CLOCK_TIME))) {
            produce(0, 5, 0);
            awaitTotal(streams, 5);
        }
    }

    @Test
    void handsOverByStreamTime() {
        try (KafkaStreams streams =
                start(options -> options.flushInterval(Duration.ofSeconds(1), PunctuationType.STREAM_TIME))) {
            produce(0, 5, 10_000);
            produce(5, 1, 20_000);
            awaitTotal(streams, 6);
        }
    }

    @Test
    void handsOverAtANumberOfEventsAndTheRestWhenItIsClosed() {
        UnaryOperator<EventIndexer.Builder<String, String>> options = builder -> builder.stageCapacity(4)
                .maxBufferedEvents(10)
                .flushInterval(Duration.ofDays(1), PunctuationType.WALL_CLOCK_TIME);
        try (KafkaStreams streams = start(options)) {
            produce(0, 25, 0);
            awaitTotal(streams, 20);
        }
        try (KafkaStreams streams = start(options)) {
            awaitTotal(streams, 25);
        }
    }

    private void produce(int first, int count, long timestampMs) {
        List<ProducerRecord<byte[], byte[]>> records = IntStream.range(first, first + count)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(
                        topic, null, timestampMs, null, ("e" + i).getBytes(StandardCharsets.UTF_8)))
                .toList();
        kafka.produce(records);
    }

    private KafkaStreams start(UnaryOperator<EventIndexer.Builder<String, String>> options) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.String(), Serdes.String()))
                .process(options.apply(EventIndexer.builder(EventStores.builder("events", DEFINITION)))
                        .build());
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app-" + topic);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        config.put(
                StreamsConfig.STATE_DIR_CONFIG,
                Path.of("target", "state", topic).toString());
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Duration.ofDays(1).toMillis());
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
        KafkaStreams streams = new KafkaStreams(builder.build(), config);
        streams.start();
        return streams;
    }

    private static void awaitTotal(KafkaStreams streams, long events) {
        Awaitility.await(events + " events")
                .atMost(Duration.ofSeconds(60))
                .ignoreException(InvalidStateStoreException.class)
                .until(() -> {
                    ReadOnlyEventStore<String> store = streams.store(
                            StoreQueryParameters.fromNameAndType("events", EventStores.queryableType(DEFINITION)));
                    return store.stats().total() == events;
                });
    }
}
