package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A standby answers as the active instance does, and takes over from where it is when that one is killed. */
class StoreStandbyIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int EVENTS = 20_000;

    @Test
    @Tag("slow")
    void takesOverFromTheInstanceThatIsKilled() throws Exception {
        takeOver(StreamsConfig.EXACTLY_ONCE_V2);
    }

    @Test
    @Tag("long")
    void takesOverAtLeastOnce() throws Exception {
        takeOver(StreamsConfig.AT_LEAST_ONCE);
    }

    private static void takeOver(String guarantee) throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("standby"), 1);
        ApplicationSettings settings = ApplicationSettings.of(
                        kafka.bootstrapServers(), topic, guarantee, Path.of("target", "state", topic + "-active"))
                .standbys(1);
        SampleWorkload workload = new SampleWorkload(kafka, settings, System.nanoTime());
        workload.produceNew(EVENTS);
        ChildApplication active = ChildApplication.start(settings);
        workload.awaitProcessed();
        try (StoreApplication standby =
                StoreApplication.start(settings.stateDir(Path.of("target", "state", topic + "-standby")))) {
            standby.awaitBound(workload.produced());
            workload.assertHolds(standby, workload.produced());
            assertThat(standby.activeTasks()).as("active tasks of the standby").isZero();

            for (int i = 0; i < 10; i++) {
                workload.produceChanges();
            }
            active.kill();
            workload.produceChanges();
            standby.awaitActiveTasks(1);
            workload.awaitProcessed();
            standby.awaitBound(workload.produced());
            workload.assertHolds(standby, workload.produced());
            assertThat(standby.restoredRecords())
                    .as("records restored when it took over")
                    .isLessThan(EVENTS / 20);
        }
        workload.assertChangelogHolds();
    }
}
