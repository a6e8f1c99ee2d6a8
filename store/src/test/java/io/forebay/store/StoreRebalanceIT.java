package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions that go from one instance to another and back while events come in. */
class StoreRebalanceIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int PARTITIONS = 4;

    @Test
    @Tag("slow")
    void losesAndRepeatsNothing() throws Exception {
        rebalance(StreamsConfig.EXACTLY_ONCE_V2, 3);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void losesAndRepeatsNothingForLong(String guarantee) throws Exception {
        rebalance(guarantee, 15);
    }

    private static void rebalance(String guarantee, int times) throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("rebalanced"), PARTITIONS);
        ApplicationSettings staying = ApplicationSettings.of(
                        kafka.bootstrapServers(), topic, guarantee, Path.of("target", "state", topic + "-staying"))
                .standbys(0);
        ApplicationSettings passing = staying.stateDir(Path.of("target", "state", topic + "-passing"));
        SampleWorkload workload = new SampleWorkload(kafka, staying, System.nanoTime());
        workload.produceNew(1_000);
        try (StoreApplication app = StoreApplication.start(staying)) {
            AtomicBoolean rebalancing = new AtomicBoolean(true);
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                while (rebalancing.get()) {
                    workload.produceNew(50);
                }
            });
            try {
                for (int i = 0; i < times; i++) {
                    StoreApplication other = StoreApplication.start(passing);
                    other.awaitActiveTasks(1);
                    other.leave();
                    app.awaitActiveTasks(PARTITIONS);
                }
            } finally {
                rebalancing.set(false);
                load.join();
            }
            app.awaitActiveTasks(PARTITIONS);
            workload.awaitProcessed();
            app.awaitEvents(workload.events());
            workload.assertPartitionsHold(app);
        }
        workload.assertChangelogHolds();
        if (guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2)) {
            assertThat(workload.changelog()).as("one record per event").hasSize(workload.events());
        }
    }
}
