package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.query.PositionBound;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kill -9 at random moments: afterwards the store, its indexes and the changelog are, record by record, what the input says
 * they should be, and only a small part of the state is restored.
 */
class StoreKillIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int BASE_EVENTS = 100_000;
    private static final int BATCH = 100; // small, so that little is on its way at any moment

    private final Random random = new Random();
    private final SampleModel model = new SampleModel();
    private int nextId;

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void survivesKills(String guarantee) throws Exception {
        survive(guarantee, 3);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void survivesManyKills(String guarantee) throws Exception {
        survive(guarantee, 20);
    }

    private void survive(String guarantee, int kills) throws Exception {
        long seed = System.nanoTime();
        random.setSeed(seed);
        String topic = kafka.createTopic(kafka.uniqueName("killed"), 1);
        Path stateDir = Path.of("target", "state", kafka.uniqueName("killed"));
        produce(topic, IntStream.range(0, BASE_EVENTS).mapToObj(i -> newEvent()).toList());

        ChildApplication child = ChildApplication.start(kafka.bootstrapServers(), topic, guarantee, stateDir);
        awaitProcessed(topic);
        for (int kill = 0; kill < kills; kill++) {
            produceFor(topic, Duration.ofMillis(300 + random.nextInt(1_500)));
            child.kill();
            produce(topic, IntStream.range(0, BATCH).mapToObj(i -> change()).toList());
            child = ChildApplication.start(kafka.bootstrapServers(), topic, guarantee, stateDir);
            assertThat(child.restoredRecords())
                    .as("records restored after kill %d of seed %d", kill, seed)
                    .isLessThan(BASE_EVENTS / 20);
        }
        awaitProcessed(topic);
        child.close();

        try (StoreApplication app = StoreApplication.start(kafka.bootstrapServers(), topic, guarantee, stateDir)) {
            assertThat(app.restoredRecords())
                    .as("records restored after a clean close")
                    .isZero();
            assertThat(app.stats().total())
                    .as("seed %d", seed)
                    .isEqualTo(model.samples().size());
            for (EventQuery<Sample> query : queries()) {
                assertThat(app.query(query, PositionBound.unbounded()))
                        .as("seed %d, %s", seed, query)
                        .isEqualTo(model.query(query));
            }
        }
        assertThat(changelog("app-" + topic)).as("changelog, seed %d", seed).isEqualTo(model.samples());
    }

    private List<EventQuery<Sample>> queries() {
        EventQuery<Sample> all = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);
        return List.of(
                all,
                all.order(Order.DESC),
                all.equal("process", "p1"),
                all.equal("function", "m1"),
                all.equal("function", "m1", "f1").order(Order.DESC),
                all.equal("tag", "t1"),
                all.equal("size", 3L));
    }

    private void produceFor(String topic, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - deadline < 0) {
            produce(topic, IntStream.range(0, BATCH).mapToObj(i -> change()).toList());
        }
    }

    /** Mostly new events, some replacements that move in time and between indexes, some deletes. */
    private Sample change() {
        int kind = random.nextInt(10);
        if (kind < 7) {
            return newEvent();
        }
        String id = "id" + random.nextInt(nextId);
        return kind < 9 ? event(id) : Sample.of(id, 0).withProcess(StoreApplication.DELETE);
    }

    private Sample newEvent() {
        return event("id" + nextId++);
    }

    private Sample event(String id) {
        return new Sample(
                id,
                random.nextInt(1_000_000),
                "p" + random.nextInt(5),
                "m" + random.nextInt(3),
                "f" + random.nextInt(3),
                List.of("t" + random.nextInt(4)),
                (long) random.nextInt(10));
    }

    private void produce(String topic, List<Sample> samples) {
        kafka.produce(samples.stream()
                .map(sample -> new ProducerRecord<>(
                        topic, bytes(sample.id()), Sample.serde().serializer().serialize(topic, sample)))
                .toList());
        for (Sample sample : samples) {
            if (StoreApplication.DELETE.equals(sample.process())) {
                model.delete(sample.id());
            } else {
                model.put(sample);
            }
        }
    }

    private void awaitProcessed(String topic) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (kafka.lag(topic, "app-" + topic) > 0) {
            assertThat(System.nanoTime() - deadline)
                    .as("records still unprocessed after 60 s")
                    .isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** What a new instance would restore: the last record of each key, if it is not a tombstone. */
    private static Map<String, Sample> changelog(String applicationId) {
        String topic = applicationId + "-" + StoreApplication.STORE + "-changelog";
        Map<String, Sample> samples = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.consumeAll(topic)) {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                samples.remove(id);
            } else {
                byte[] event = Arrays.copyOfRange(record.value(), 1, record.value().length);
                samples.put(id, Sample.serde().deserializer().deserialize(topic, event));
            }
        }
        return samples;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
