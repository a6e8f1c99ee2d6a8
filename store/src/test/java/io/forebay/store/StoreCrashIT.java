package io.forebay.store;

import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that die at chosen moments of a commit. What each leaves on disk is exactly what its changelog offset says, of
 * committed records alone; and in the end store, indexes and changelog are what the input says they should be.
 */
class StoreCrashIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int BASE_EVENTS = 5_000;

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void survivesACrashAtSomeMoments(String guarantee) throws Exception {
        crash(guarantee, 1, 2);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void survivesCrashesAtEveryMoment(String guarantee) throws Exception {
        crash(guarantee, 3, Integer.MAX_VALUE);
    }

    private static void crash(String guarantee, int times, int atMost) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String topic = kafka.createTopic(kafka.uniqueName("crashed"), 1);
        Path stateDir = Path.of("target", "state", kafka.uniqueName("crashed"));
        ApplicationSettings settings = ApplicationSettings.of(kafka.bootstrapServers(), topic, guarantee, stateDir);
        SampleWorkload workload = new SampleWorkload(kafka, settings, seed);
        workload.produceNew(BASE_EVENTS);

        List<String> moments = new ArrayList<>(IntStream.range(0, times)
                .boxed()
                .flatMap(time -> HaltAt.moments())
                .toList());
        Collections.shuffle(moments, random);
        for (String moment : moments.subList(0, Math.min(atMost, moments.size()))) {
            try {
                crash(settings, workload, moment, random);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("at " + moment + " of seed " + seed, e);
            }
        }

        try (StoreApplication app = StoreApplication.start(settings)) {
            workload.awaitProcessed();
            workload.assertHolds(app);
        }
        workload.assertChangelogHolds();
    }

    private static void crash(ApplicationSettings settings, SampleWorkload workload, String moment, Random random)
            throws Exception {
        int occurrence = 1 + random.nextInt(moment.equals("LOGGING") ? 2_000 : 8);
        // Exactly-once, a store hears of a commit only when it is about to be closed.
        boolean atClose = moment.equals("COMMITTED") && settings.guarantee().equals(StreamsConfig.EXACTLY_ONCE_V2);
        ChildApplication child = ChildApplication.startToHalt(settings, moment, atClose ? 1 : occurrence);
        if (atClose) {
            workload.produceChanges();
            workload.awaitProcessed(child::isAlive);
        } else {
            workload.produceWhile(child::isAlive);
        }
        child.awaitHalt();
        workload.assertDiskAgreesWithChangelog();
    }
}
