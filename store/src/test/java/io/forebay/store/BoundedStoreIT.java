package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.query.PositionBound;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that let events go, with a real broker: after kill -9, and after the loss of the disk, they have what they should have. */
@Tag("slow")
class BoundedStoreIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int EVENTS = 3_000;
    private static final int KILLS = 2;
    private static final long STEP_NANOS = 1_000;
    private static final long KEPT = 2_500;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Sample> produced = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void keepsWhatIsYoungerThanTheRetention(String guarantee) throws Exception {
        Duration retention = Duration.ofNanos(KEPT * STEP_NANOS);
        survive(settings(guarantee).eviction(new Eviction(retention, Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void keepsAsManyAsTheBoundSays(String guarantee) throws Exception {
        survive(settings(guarantee).eviction(new Eviction(null, KEPT)));
    }

    private void survive(ApplicationSettings settings) throws Exception {
        produce(settings);
        ChildApplication child = ChildApplication.start(settings);
        for (int kill = 0; kill < KILLS; kill++) {
            produce(settings);
            child.kill();
            produce(settings);
            child = ChildApplication.start(settings);
        }
        child.close();
        try (StoreApplication app = StoreApplication.start(settings)) {
            assertHolds(app, settings);
        }
        Utils.delete(settings.stateDir().toFile());
        try (StoreApplication app = StoreApplication.start(settings)) {
            assertThat(app.restoredRecords()).isGreaterThanOrEqualTo(KEPT);
            assertHolds(app, settings);
            produceLate(settings);
            app.await("event refused", () -> app.stats().late() == 1);
            assertHolds(app, settings);
        }
    }

    /** Time goes on, with some disorder, and some events are far too old. */
    private void produce(ApplicationSettings settings) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            int number = produced.size() + i;
            long time = number % 100 == 99 ? number : (number + random.nextInt(50)) * STEP_NANOS;
            samples.add(Sample.of("id" + number, time).withProcess("p" + number % 3));
        }
        produced.addAll(samples);
        produce(settings, samples);
    }

    private void produceLate(ApplicationSettings settings) {
        produce(settings, List.of(Sample.of("late", 1)));
    }

    private static void produce(ApplicationSettings settings, List<Sample> samples) {
        kafka.produce(samples.stream()
                .map(sample -> new ProducerRecord<>(
                        settings.topic(),
                        sample.id().getBytes(StandardCharsets.UTF_8),
                        Sample.serde().serializer().serialize(settings.topic(), sample)))
                .toList());
    }

    private void assertHolds(StoreApplication app, ApplicationSettings settings) {
        app.await("all processed", () -> kafka.lag(settings.topic(), settings.applicationId()) == 0);
        SampleModel model = new SampleModel();
        expected(settings.eviction()).forEach(model::put);
        EventQuery<Sample> all = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);
        for (EventQuery<Sample> query : List.of(all, all.equal("process", "p1"))) {
            assertThat(app.query(query, PositionBound.unbounded()))
                    .as("seed %d, %s", seed, query)
                    .isEqualTo(model.query(query));
        }
        assertThat(app.stats().total()).isEqualTo(model.samples().size());
    }

    private List<Sample> expected(Eviction eviction) {
        List<Sample> byTime = produced.stream()
                .sorted(Comparator.comparingLong(Sample::timestampNanos).thenComparing(Sample::id))
                .toList();
        if (eviction.hasRetention()) {
            long oldestKept = eviction.oldestKept(byTime.get(byTime.size() - 1).timestampNanos());
            return byTime.stream()
                    .filter(sample -> sample.timestampNanos() >= oldestKept)
                    .toList();
        }
        return byTime.subList(Math.max(0, byTime.size() - (int) eviction.maxEvents()), byTime.size());
    }

    private static ApplicationSettings settings(String guarantee) {
        String topic = kafka.createTopic(kafka.uniqueName("bounded"), 1);
        return ApplicationSettings.of(kafka.bootstrapServers(), topic, guarantee, Path.of("target", "state", topic));
    }
}
