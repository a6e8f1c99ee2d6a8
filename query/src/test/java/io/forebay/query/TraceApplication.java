package io.forebay.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.EventJson;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventStore;
import io.forebay.store.EventStores;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/** A real application that indexes trace events from a topic, and a query server in front of it; not started yet. */
final class TraceApplication implements AutoCloseable {

    static final int PARTITIONS = 3;

    private static final Serde<Event> SERDE = AvroSerdes.specific(Event.class).build();
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final LongAdder indexed = new LongAdder();
    private final KafkaStreams streams;
    private final QueryServer server;
    private final HttpJson http;

    TraceApplication(KafkaFixture kafka, String topic, Path stateDir) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.String(), SERDE)).process(new Indexing());
        streams = new KafkaStreams(builder.build(), settings(kafka, topic, stateDir));
        server = serve(0);
        http = new HttpJson(server.uri());
    }

    /** Another server of the same application, for the caller to close. */
    QueryServer serve(int port) {
        return QueryServer.builder(streams, "events", Samples.DEFINITION)
                .renderer(EventJson::toJson)
                .partitions(PARTITIONS)
                .counters(() -> Map.of("indexed", indexed.sum()))
                .port(port)
                .start();
    }

    private static Properties settings(KafkaFixture kafka, String topic, Path stateDir) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, topic);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        settings.put("consumer.auto.offset.reset", "earliest");
        return settings;
    }

    static void produce(KafkaFixture kafka, String topic, List<Event> events) {
        kafka.produce(events.stream()
                .map(event -> new ProducerRecord<>(
                        topic,
                        event.getId().getBytes(StandardCharsets.UTF_8),
                        SERDE.serializer().serialize(topic, event)))
                .toList());
    }

    TraceApplication start() {
        streams.start();
        return this;
    }

    KafkaStreams streams() {
        return streams;
    }

    QueryServer server() {
        return server;
    }

    HttpJson http() {
        return http;
    }

    /** Waits until the server says that there are so many events. */
    void awaitTotal(long total) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            HttpJson.Answer answer = http.get("/v1/stats");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().path("total").asLong()).isEqualTo(total);
        });
    }

    @Override
    public void close() {
        server.close();
        // Or the next start waits until the group has forgotten this one.
        streams.close(
                CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }

    /** Puts every record into the store as it comes. */
    private final class Indexing implements ProcessorSupplier<String, Event, Void, Void> {

        @Override
        public Processor<String, Event, Void, Void> get() {
            return new Processor<>() {
                private @Nullable EventStore<Event> store;

                @Override
                public void init(ProcessorContext<Void, Void> context) {
                    store = context.getStateStore("events");
                }

                @Override
                public void process(Record<String, Event> record) {
                    Objects.requireNonNull(store).put(record.value());
                    indexed.increment();
                }
            };
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(EventStores.builder("events", Samples.DEFINITION));
        }
    }
}
