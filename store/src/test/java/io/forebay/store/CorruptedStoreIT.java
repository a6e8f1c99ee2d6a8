package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.query.PositionBound;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The directory of a stopped application is damaged: started again, it has all its events. */
class CorruptedStoreIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int EVENTS = 2_000;
    private static final EventQuery<Sample> ALL = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);

    private final SampleModel model = new SampleModel();
    private final String topic = kafka.createTopic(kafka.uniqueName("corrupted"), 1);
    private final Path stateDir = Path.of("target", "state", kafka.uniqueName("corrupted"));

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ",CURRENT_MISSING",
        StreamsConfig.EXACTLY_ONCE_V2 + ",MANIFEST_FLIPPED",
        StreamsConfig.EXACTLY_ONCE_V2 + ",TABLE_TRUNCATED",
        StreamsConfig.AT_LEAST_ONCE + ",MANIFEST_MISSING",
        StreamsConfig.AT_LEAST_ONCE + ",TABLE_MISSING",
    })
    void restoresAllWhenItFindsDamageInOpening(String guarantee, Damage damage) throws Exception {
        fill(guarantee);
        damage.inflict(database());
        try (StoreApplication app = start(guarantee)) {
            assertThat(app.restoredRecords()).as("records restored").isGreaterThanOrEqualTo(EVENTS);
            assertHoldsAll(app);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void failsWhenItMeetsDamageAndRestoresAllAfterwards(String guarantee) throws Exception {
        fill(guarantee);
        Path database = database();
        Damage.TABLE_FLIPPED.inflict(database);
        StoreApplication failing = start(guarantee);
        assertThat(failing.restoredRecords()).as("opening does not find it").isZero();
        produce(List.of(sample("id7").withProcess("replaced"))); // its old rows are read, and damaged
        // A write in the background that failed is noticed when the store has to do with the next one.
        assertThat(failing.awaitFailure(() -> produce(List.of(sample("id9")))))
                .isInstanceOf(CorruptedStoreException.class)
                .hasMessageContainingAll("corrupted", "checksum", database.toString());
        failing.close();
        try (StoreApplication app = start(guarantee)) {
            assertThat(app.restoredRecords()).as("records restored").isGreaterThanOrEqualTo(EVENTS);
            app.await(
                    "the replacement",
                    () -> app.query(ALL.equal("process", "replaced"), PositionBound.unbounded())
                                    .size()
                            == 1);
            assertHoldsAll(app);
        }
    }

    private Sample sample(String id) {
        return Objects.requireNonNull(model.samples().get(id));
    }

    /** Twice, so that the write-ahead log of the first run is in tables. */
    private void fill(String guarantee) {
        produce(IntStream.range(0, EVENTS)
                .mapToObj(i -> Sample.of("id" + i, i * 1_000L).withProcess("p" + i % 7))
                .toList());
        try (StoreApplication app = start(guarantee)) {
            app.awaitEvents(EVENTS);
        }
        try (StoreApplication app = start(guarantee)) {
            assertHoldsAll(app);
        }
    }

    private void assertHoldsAll(StoreApplication app) {
        for (EventQuery<Sample> query : List.of(ALL, ALL.equal("process", "p3"))) {
            assertThat(app.query(query, PositionBound.unbounded())).isEqualTo(model.query(query));
        }
        assertThat(app.stats().total()).isEqualTo(EVENTS);
    }

    private StoreApplication start(String guarantee) {
        return StoreApplication.start(kafka.bootstrapServers(), topic, guarantee, stateDir);
    }

    private Path database() throws IOException {
        try (Stream<Path> directories = Files.walk(stateDir)) {
            return directories
                    .filter(path -> path.endsWith(Path.of("forebay", StoreApplication.STORE)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void produce(List<Sample> samples) {
        samples.forEach(model::put);
        kafka.produce(samples.stream()
                .map(sample -> new ProducerRecord<>(
                        topic,
                        sample.id().getBytes(StandardCharsets.UTF_8),
                        Sample.serde().serializer().serialize(topic, sample)))
                .toList());
    }
}
