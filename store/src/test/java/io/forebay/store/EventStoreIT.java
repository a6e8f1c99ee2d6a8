package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.query.PositionBound;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store in a real application on a real broker: across restarts, and when its disk is lost. */
class EventStoreIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int EVENTS = 2_000;

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void keepsItsEventsAcrossRestartsAndTheLossOfItsDisk(String guarantee) throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("events"), 2);
        Path stateDir = Path.of("target", "state", kafka.uniqueName("state"));
        List<Sample> expected = produce(topic, 0, EVENTS);

        try (StoreApplication app = start(topic, guarantee, stateDir)) {
            app.awaitEvents(EVENTS);
            assertHolds(app, expected);
            produce(topic, List.of(expected.get(7).withProcess(StoreApplication.DELETE)));
            app.awaitEvents(EVENTS - 1);
            expected.remove(7);
        }
        try (StoreApplication app = start(topic, guarantee, stateDir)) {
            app.awaitEvents(EVENTS - 1);
            assertThat(app.restoredRecords())
                    .as("records restored after a clean close")
                    .isZero();
            assertHolds(app, expected);
        }
        Utils.delete(stateDir.toFile());
        try (StoreApplication app = start(topic, guarantee, stateDir)) {
            app.awaitEvents(EVENTS - 1);
            assertThat(app.restoredRecords())
                    .as("records restored without a disk")
                    .isGreaterThanOrEqualTo(EVENTS - 1);
            assertHolds(app, expected);
            expected.addAll(produce(topic, EVENTS, 100));
            app.awaitEvents(EVENTS - 1 + 100);
            assertHolds(app, expected);
        }
    }

    private static StoreApplication start(String topic, String guarantee, Path stateDir) {
        return StoreApplication.start(kafka.bootstrapServers(), topic, guarantee, stateDir);
    }

    private static void assertHolds(StoreApplication app, List<Sample> expected) {
        SampleModel model = new SampleModel();
        expected.forEach(model::put);
        for (Order order : Order.values()) {
            for (EventQuery<Sample> query : List.of(
                    EventQuery.<Sample>all(),
                    EventQuery.<Sample>all().equal("process", "p3"),
                    EventQuery.<Sample>all().equal("function", "m1", "f2"),
                    EventQuery.<Sample>all().equal("function", null, "f2").equal("tag", "even"))) {
                EventQuery<Sample> ordered = query.order(order).limit(EVENTS * 2);
                assertThat(app.query(ordered, PositionBound.unbounded()))
                        .as("%s", ordered)
                        .containsExactlyInAnyOrderElementsOf(model.query(ordered));
                assertFacadeHolds(app.facade(), model, query.order(order));
            }
        }
    }

    /** The partitions in one order, page by page and as a whole. */
    private static void assertFacadeHolds(
            ReadOnlyEventStore<Sample> facade, SampleModel model, EventQuery<Sample> query) {
        List<Sample> expected = model.all(query);
        assertThat(Pages.all(facade, query.limit(777))).as("%s", query).isEqualTo(expected);
        try (EventIterator<Sample> all = facade.scan(query)) {
            assertThat(all).toIterable().as("%s", query).containsExactlyElementsOf(expected);
        }
        assertThat(facade.count(query)).as("%s", query).isEqualTo(expected.size());
        assertThat(facade.stats().total()).isEqualTo(model.samples().size());
        assertThat(facade.values(EventValuesQuery.of("process").limit(5)))
                .isEqualTo(model.values(EventValuesQuery.of("process").limit(5)));
        Sample some = model.samples().values().iterator().next();
        assertThat(facade.get(some.id())).contains(some);
        assertThat(facade.contains("no such id")).isFalse();
        assertThat(facade.getAll(List.of("no such id", some.id()))).containsExactly(Map.entry(some.id(), some));
    }

    private static List<Sample> produce(String topic, int from, int count) {
        List<Sample> samples = new ArrayList<>(IntStream.range(from, from + count)
                .mapToObj(i -> new Sample(
                        "id" + i,
                        i * 1_000L,
                        "p" + i % 7,
                        "m" + i % 3,
                        "f" + i % 5,
                        i % 2 == 0 ? List.of("even", "t" + i % 4) : List.of(),
                        (long) i % 11))
                .toList());
        produce(topic, samples);
        return samples;
    }

    private static void produce(String topic, List<Sample> samples) {
        kafka.produce(samples.stream()
                .map(sample -> new ProducerRecord<>(
                        topic,
                        sample.id().getBytes(StandardCharsets.UTF_8),
                        Sample.serde().serializer().serialize(topic, sample)))
                .toList());
    }
}
