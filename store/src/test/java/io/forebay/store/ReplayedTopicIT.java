package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.BrokerClients;
import io.forebay.testing.EmbeddedKafka;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Events older than the retention by the clock, but not by the time of the others, are live: the broker, which goes by the clock, must not
 * delete them from the changelog.
 */
@Tag("slow")
class ReplayedTopicIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared(); // for its names

    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Instant LONG_AGO = Instant.now().minus(Duration.ofDays(90));
    private static final int EVENTS = 100;

    @Test
    void liveEventsSurviveTheLossOfTheDisk() throws Exception {
        String topic = kafka.uniqueName("replayed");
        Path stateDir = Path.of("target", "state", topic);
        try (EmbeddedKafka broker = eagerBroker();
                BrokerClients clients = new BrokerClients(broker.bootstrapServers())) {
            clients.createTopic(topic, 1, Map.of());
            clients.produce(IntStream.range(0, EVENTS)
                    .mapToObj(i -> record(topic, LONG_AGO.plusSeconds(i), Instant.now()))
                    .toList());
            try (StoreApplication app = start(broker, topic, stateDir)) {
                app.awaitEvents(EVENTS);
                awaitDeletion(app, clients, kafka.uniqueName("first"));
                awaitDeletion(app, clients, kafka.uniqueName("second")); // so that all topics have had their turn
            }
            Utils.delete(stateDir.toFile());
            try (StoreApplication app = start(broker, topic, stateDir)) {
                assertThat(app.stats().total()).isEqualTo(EVENTS);
                assertThat(app.restoredRecords()).isGreaterThanOrEqualTo(EVENTS);
            }
        }
    }

    /** One that deletes within seconds what is due. */
    private static EmbeddedKafka eagerBroker() {
        return EmbeddedKafka.builder(Path.of("target", "state", kafka.uniqueName("broker")))
                .property("log.cleaner.backoff.ms", "200")
                .property("log.retention.check.interval.ms", "200")
                .property("log.initial.task.delay.ms", "200")
                .start();
    }

    /** Waits until the broker has deleted a record with an old timestamp from a topic that is like the changelog. */
    private static void awaitDeletion(StoreApplication app, BrokerClients clients, String topic) {
        clients.createTopic(
                topic,
                1,
                EventStores.builder("like", Sample.definition())
                        .retention(RETENTION)
                        .logConfig());
        clients.produce(List.of(record(topic, LONG_AGO, LONG_AGO)));
        app.await("deletion by the broker", () -> clients.consumeAll(topic).isEmpty());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Instant time, Instant recordTime) {
        Sample sample = Sample.of("id" + time.getEpochSecond(), Timestamps.toNanos(time));
        byte[] id = sample.id().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                topic,
                null,
                recordTime.toEpochMilli(),
                id,
                Sample.serde().serializer().serialize(topic, sample));
    }

    private static StoreApplication start(EmbeddedKafka broker, String topic, Path stateDir) {
        return StoreApplication.start(
                broker.bootstrapServers(),
                topic,
                StreamsConfig.EXACTLY_ONCE_V2,
                stateDir,
                store -> store.retention(RETENTION));
    }
}
