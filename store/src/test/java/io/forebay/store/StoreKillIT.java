package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.StreamsConfig;
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

    private static void survive(String guarantee, int kills) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String topic = kafka.createTopic(kafka.uniqueName("killed"), 1);
        Path stateDir = Path.of("target", "state", kafka.uniqueName("killed"));
        ApplicationSettings settings = ApplicationSettings.of(kafka.bootstrapServers(), topic, guarantee, stateDir);
        SampleWorkload workload = new SampleWorkload(kafka, settings, seed);
        workload.produceNew(BASE_EVENTS);

        ChildApplication child = ChildApplication.start(settings);
        workload.awaitProcessed();
        for (int kill = 0; kill < kills; kill++) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(1_500));
            while (System.nanoTime() - deadline < 0) {
                workload.produceChanges();
            }
            child.kill();
            workload.produceChanges();
            child = ChildApplication.start(settings);
            assertThat(child.restoredRecords())
                    .as("records restored after kill %d of seed %d", kill, seed)
                    .isLessThan(BASE_EVENTS / 20);
        }
        workload.awaitProcessed();
        child.close();

        try (StoreApplication app = StoreApplication.start(settings)) {
            assertThat(app.restoredRecords())
                    .as("records restored after a clean close")
                    .isZero();
            workload.assertHolds(app);
        }
        workload.assertChangelogHolds();
    }
}
