package io.forebay.processor.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.testing.BrokerClients;
import io.forebay.testing.ChildJvm;
import io.forebay.testing.ChildKafka;
import io.forebay.testing.KafkaFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.streams.StreamsConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All steps under both guarantees, while things go wrong under load. Afterwards: nothing is lost, and under exactly-once nothing is
 * in a topic twice.
 */
class FaultsIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int PARTITIONS = 4;
    private static final Path CHILD_LOG = Path.of("target", "faults", "child.log");

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void instancesComeAndGo(String guarantee) throws Exception {
        rebalance(prepare("rebalanced", guarantee, Step.ALL), 2);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void instancesComeAndGoForLong(String guarantee) throws Exception {
        rebalance(prepare("rebalanced", guarantee, Step.ALL), 20);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void theInstanceIsKilled(String guarantee) throws Exception {
        kill(prepare("killed", guarantee, Step.ALL), 2);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void theInstanceIsKilledManyTimes(String guarantee) throws Exception {
        kill(prepare("killed", guarantee, Step.ALL), 20);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void theBrokerIsRestarted(String guarantee) throws Exception {
        restartBroker(guarantee, 1);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void theBrokerIsRestartedManyTimes(String guarantee) throws Exception {
        restartBroker(guarantee, 10);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void theTargetFailsAndHangs(String guarantee) throws Exception {
        mishaps(guarantee, 5);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void theTargetFailsAndHangsForLong(String guarantee) throws Exception {
        mishaps(guarantee, 60);
    }

    /** Makes sure that what is compared here would show the mistake. */
    @Test
    @Tag("slow")
    void aBufferThatForgetsToFlushIsFoundOut() {
        assertThatThrownBy(
                        () -> rebalance(prepare("forgotten", StreamsConfig.EXACTLY_ONCE_V2, Set.of(Step.FORGETFUL)), 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the output of FORGETFUL");
    }

    private static FaultSettings prepare(String name, String guarantee, Set<Step> steps) {
        FaultSettings settings = FaultSettings.of(kafka.bootstrapServers(), kafka.uniqueName(name), guarantee, steps);
        createTopics(settings, new BrokerClients(settings.bootstrapServers()));
        return settings;
    }

    private static void createTopics(FaultSettings settings, BrokerClients clients) {
        try (clients) {
            clients.createTopic(settings.topic(), PARTITIONS, Map.of());
            for (Step step : settings.steps()) {
                clients.createTopic(settings.output(step), PARTITIONS, Map.of());
            }
        }
    }

    /** (a) An instance joins and leaves, again and again, while another stays. */
    private static void rebalance(FaultSettings settings, int times) throws Exception {
        try (Load load = Load.start(settings.bootstrapServers(), settings.topic());
                StepsApplication staying = StepsApplication.start(settings.instance("staying"))) {
            for (int i = 0; i < times; i++) {
                StepsApplication passing = StepsApplication.start(settings.instance("passing"));
                passing.awaitActiveTasks(1);
                passing.leave();
                staying.awaitActiveTasks(PARTITIONS);
            }
            awaitProcessed(settings, load.stop());
        }
    }

    /** (b) The only instance is killed, again and again. */
    private static void kill(FaultSettings settings, int times) throws Exception {
        long seed = System.nanoTime();
        try {
            kill(settings, times, new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with seed " + seed, e);
        }
    }

    private static void kill(FaultSettings settings, int times, Random random) throws Exception {
        try (Load load = Load.start(settings.bootstrapServers(), settings.topic())) {
            ChildJvm child = startChild(settings);
            for (int i = 0; i < times; i++) {
                pause(200 + random.nextInt(1_500));
                child.kill();
                child = startChild(settings);
            }
            try (ChildJvm last = child) {
                awaitProcessed(settings, load.stop());
                last.end();
            }
        }
    }

    private static ChildJvm startChild(FaultSettings settings) throws IOException {
        ChildJvm child = ChildJvm.start(StepsApplication.class, CHILD_LOG, List.of("-Xmx384m"), settings.arguments());
        child.awaitLine(StepsApplication.RUNNING);
        return child;
    }

    /** (c) The broker is restarted in order, and killed, again and again. */
    private static void restartBroker(String guarantee, int times) throws Exception {
        Path directory = Path.of("target", "faults", kafka.uniqueName("broker"));
        try (ChildKafka broker = ChildKafka.start(directory, 0)) {
            FaultSettings settings = FaultSettings.of(
                            broker.bootstrapServers(), kafka.uniqueName("restarted"), guarantee, Step.ALL)
                    .instance("only");
            createTopics(settings, new BrokerClients(settings.bootstrapServers()));
            try (Load load = Load.start(settings.bootstrapServers(), settings.topic());
                    StepsApplication application = StepsApplication.start(settings)) {
                for (int i = 0; i < times; i++) {
                    pause(1_000);
                    broker.restart();
                    pause(1_000);
                    broker.kill();
                    broker.restart();
                }
                awaitProcessed(settings, load.stop());
                application.awaitActiveTasks(PARTITIONS);
            }
        }
    }

    /** (e) The external target fails and hangs at random. */
    private static void mishaps(String guarantee, int seconds) throws Exception {
        FaultSettings settings = prepare("mishaps", guarantee, Set.of(Step.WRITER))
                .instance("only")
                .withMishaps();
        try (Load load = Load.start(settings.bootstrapServers(), settings.topic());
                StepsApplication application = StepsApplication.start(settings)) {
            pause(TimeUnit.SECONDS.toMillis(seconds));
            awaitProcessed(settings, load.stop());
            application.awaitActiveTasks(PARTITIONS);
        }
    }

    /** Waits until everything is committed, and compares. */
    private static void awaitProcessed(FaultSettings settings, Map<String, List<String>> input) throws IOException {
        try (BrokerClients clients = new BrokerClients(settings.bootstrapServers())) {
            Awaitility.await("everything committed")
                    .atMost(StepsApplication.PATIENCE)
                    .until(() -> clients.lag(settings.topic(), settings.applicationId()) == 0);
            Outcome outcome = new Outcome(settings, clients, input);
            for (Step step : settings.steps()) {
                step.assertOutput(outcome);
                step.assertRest(outcome);
            }
        }
    }

    /** Lets the load go on for a while: nothing in particular is waited for. */
    private static void pause(long milliseconds) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        for (long left = milliseconds; left > 0; left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
        }
    }
}
