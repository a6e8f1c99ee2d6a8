package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store without a changelog survives, and what not. */
@Tag("slow")
class StoreUnloggedIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void survivesKillsAndRestarts(String guarantee) throws Exception {
        ApplicationSettings settings = settings(guarantee);
        SampleWorkload workload = new SampleWorkload(kafka, settings, System.nanoTime());
        workload.produceNew(2_000);
        ChildApplication child = ChildApplication.start(settings);
        for (int i = 0; i < 5; i++) {
            workload.produceChanges();
        }
        child.kill();
        workload.produceChanges();
        for (int restart = 0; restart < 2; restart++) {
            try (StoreApplication app = StoreApplication.start(settings)) {
                assertThat(app.restoredRecords()).isZero();
                workload.produceChanges();
                workload.awaitProcessed();
                workload.assertHolds(app);
            }
        }
    }

    /**
     * When a task fails inside a living process, Kafka Streams deletes its directory under exactly-once, and with it what no
     * changelog can bring back; at-least-once it does not.
     */
    @ParameterizedTest
    @CsvSource({StreamsConfig.EXACTLY_ONCE_V2 + ", true", StreamsConfig.AT_LEAST_ONCE + ", false"})
    void losesItsEventsExactlyOnceWhenATaskFails(String guarantee, boolean wiped) {
        ApplicationSettings settings =
                settings(guarantee).standbys(0); // so that the new thread need not wait for the old one
        SampleWorkload workload = new SampleWorkload(kafka, settings, System.nanoTime());
        workload.produceNew(100);
        try (StoreApplication app = StoreApplication.start(settings)) {
            workload.awaitProcessed();
            workload.produce(List.of(Sample.of("poison", 1).withProcess(StoreApplication.FAIL)));
            app.awaitEvents(wiped ? 1 : 101);
        }
    }

    private static ApplicationSettings settings(String guarantee) {
        String topic = kafka.createTopic(kafka.uniqueName("unlogged"), 1);
        return ApplicationSettings.of(kafka.bootstrapServers(), topic, guarantee, Path.of("target", "state", topic))
                .unlogged();
    }
}
