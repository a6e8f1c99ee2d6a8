package io.forebay.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.forebay.testing.EmbeddedKafka;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CapturePlansIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String topic = kafka.uniqueName("plans");
    private final List<CapturePlans> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(CapturePlans::close);
    }

    private CapturePlans open() {
        return open(topic, kafka.bootstrapServers());
    }

    private CapturePlans open(String name, String bootstrapServers) {
        CapturePlans plans = CapturePlans.open(name, Map.of("bootstrap.servers", bootstrapServers));
        opened.add(plans);
        return plans;
    }

    private CapturePlans openLoaded() throws InterruptedException {
        CapturePlans plans = open();
        assertThat(plans.awaitLoaded(PATIENCE)).isTrue();
        return plans;
    }

    /** Remembers what it was told. */
    private static final class Agent implements PlanListener {

        private final List<@Nullable StoredPlan> told = new ArrayList<>();

        @Override
        public synchronized void onPlan(@Nullable StoredPlan plan) {
            told.add(plan);
        }

        synchronized List<@Nullable StoredPlan> told() {
            return new ArrayList<>(told);
        }

        void awaitLast(@Nullable StoredPlan plan) {
            await().atMost(PATIENCE).until(() -> {
                List<@Nullable StoredPlan> all = told();
                return !all.isEmpty()
                        && (plan == null ? all.get(all.size() - 1) == null : plan.equals(all.get(all.size() - 1)));
            });
        }
    }

    @Test
    void everyFollowerIsToldOfEveryChange() throws InterruptedException {
        CapturePlans one = openLoaded();
        CapturePlans two = openLoaded();
        Agent near = new Agent();
        Agent far = new Agent();
        Agent ofAnother = new Agent();
        one.follow("p", near);
        two.follow("p", far);
        two.follow("q", ofAnother);
        near.awaitLast(null);
        far.awaitLast(null);
        ofAnother.awaitLast(null);

        StoredPlan first = one.put("p", plan("a"), CapturePlans.NONE);
        near.awaitLast(first);
        far.awaitLast(first);
        assertThat(one.find("p")).contains(first); // at once, where it was written
        StoredPlan second = two.put("p", plan("b"), first.version());
        assertThat(second.version()).isGreaterThan(first.version());
        near.awaitLast(second);
        far.awaitLast(second);
        one.delete("p", second.version());
        assertThat(one.find("p")).isEmpty();
        near.awaitLast(null);
        far.awaitLast(null);
        assertThat(near.told()).containsExactly(null, first, second, null);
        assertThat(far.told()).containsExactly(null, first, second, null);
        assertThat(ofAnother.told()).hasSize(1);
    }

    @Test
    void aChangeOfAnOldVersionIsRefused() throws InterruptedException {
        CapturePlans one = openLoaded();
        CapturePlans two = openLoaded();
        StoredPlan first = one.put("p", plan("a"), CapturePlans.NONE);
        StoredPlan second = two.put("p", plan("b"), first.version());

        assertThatExceptionOfType(PlanConflictException.class)
                .isThrownBy(() -> one.put("p", plan("c"), first.version()))
                .withMessageContaining("has version " + second.version())
                .withMessageContaining("expected to have version " + first.version())
                .satisfies(e -> assertThat(e.version()).isEqualTo(second.version()));
        assertThatExceptionOfType(PlanConflictException.class)
                .isThrownBy(() -> two.put("p", plan("c"), CapturePlans.NONE))
                .withMessageContaining("expected not to be there");
        assertThatExceptionOfType(PlanConflictException.class).isThrownBy(() -> two.delete("p", first.version()));
        assertThatExceptionOfType(PlanConflictException.class)
                .isThrownBy(() -> two.delete("q", CapturePlans.ANY))
                .withMessageContaining("is not there");
        assertThat(one.find("p")).contains(second);

        two.delete("p", second.version());
        StoredPlan again = one.put("p", plan("a"), CapturePlans.NONE);
        assertThat(again.version()).isGreaterThan(second.version()); // no version comes back
        assertThat(two.put("p", plan("d"), CapturePlans.ANY).version()).isGreaterThan(again.version());
    }

    /** A counter in the description: each writer reads, adds one, and writes what it has read plus one. */
    @Test
    void ofWritersAtTheSameTimeNoneOverwritesAnother() throws InterruptedException {
        int writers = 3;
        int changesEach = 10;
        openLoaded().put("p", counting(0), CapturePlans.NONE);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger conflicts = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            CapturePlans plans = openLoaded();
            Thread writer = new Thread(() -> {
                try {
                    go.await();
                    for (int done = 0; done < changesEach; ) {
                        StoredPlan read = plans.find("p").orElseThrow();
                        int count = Integer.parseInt(read.plan().description());
                        try {
                            plans.put("p", counting(count + 1), read.version());
                            done++;
                        } catch (PlanConflictException e) {
                            conflicts.incrementAndGet();
                        }
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            writer.start();
            threads.add(writer);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure).hasNullValue();
        assertThat(conflicts).hasPositiveValue();
        StoredPlan last = openLoaded().find("p").orElseThrow();
        assertThat(last.plan().description()).isEqualTo(Integer.toString(writers * changesEach));
    }

    /** What holds is what is in the topic, not what this program happens to have read of it. */
    @Test
    void aWriterThatLagsBehindReadsFirst() throws InterruptedException {
        CapturePlans one = openLoaded();
        CapturePlans lagging = openLoaded();
        StoredPlan first = one.put("p", plan("a"), CapturePlans.NONE);
        CountDownLatch hold = new CountDownLatch(1);
        lagging.follow("p", plan -> {
            try {
                hold.await(); // keeps it from reading on
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(PATIENCE).until(() -> lagging.find("p").isPresent());
        StoredPlan second = one.put("p", plan("b"), first.version());
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread writer = new Thread(() -> {
            try {
                lagging.put("p", plan("c"), first.version());
            } catch (RuntimeException e) {
                outcome.set(e);
            }
        });
        writer.start();
        await().atMost(PATIENCE)
                .until(() -> Arrays.stream(writer.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(PlanState.class.getName())
                                && frame.getMethodName().equals("await")));
        hold.countDown();
        writer.join();
        assertThat(outcome.get()).isInstanceOf(PlanConflictException.class);
        assertThat(one.find("p")).contains(second);
    }

    @Test
    void whoStartsLateSeesWhatHolds() throws InterruptedException {
        CapturePlans early = openLoaded();
        StoredPlan p = early.put("p", plan("a"), CapturePlans.NONE);
        p = early.put("p", plan("b"), p.version());
        StoredPlan q = early.put("q", plan("c"), CapturePlans.NONE);
        early.delete("q", q.version());

        Agent agent = new Agent();
        CapturePlans late = open();
        late.follow("p", agent);
        agent.awaitLast(p);
        assertThat(agent.told()).containsExactly(p); // the last, not what it once was
        assertThat(late.list()).containsExactly(p);
    }

    @Test
    void compactionLeavesWhatHolds() throws InterruptedException {
        kafka.createTopic(
                topic,
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.01",
                        "delete.retention.ms", "100"));
        CapturePlans writer = openLoaded();
        StoredPlan gone = writer.put("gone", plan("x"), CapturePlans.NONE);
        writer.delete("gone", gone.version());
        StoredPlan p = writer.put("p", plan("0"), CapturePlans.NONE);
        Deque<StoredPlan> written = new ArrayDeque<>(List.of(p));
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    StoredPlan before = written.getLast();
                    written.add(writer.put("p", plan("n" + before.version()), before.version())); // rolls the segment
                    List<ConsumerRecord<byte[], byte[]>> left = kafka.consumeAll(topic);
                    return left.stream().noneMatch(record -> name(record).equals("gone"))
                            && left.get(0).offset() >= p.version();
                });
        CapturePlans late = openLoaded();
        assertThat(late.list()).containsExactly(written.getLast());
        StoredPlan next = late.put("p", plan("next"), written.getLast().version());
        assertThat(late.list()).containsExactly(next);
    }

    @Test
    void whatIsNoPlanIsSkippedAndCounted() throws InterruptedException {
        CapturePlans plans = openLoaded();
        Agent agent = new Agent();
        plans.follow("p", agent);
        StoredPlan good = plans.put("p", plan("a"), CapturePlans.NONE);
        kafka.produce(List.of(
                record("p", "{\"types\": 1}"),
                record("p", "no JSON"),
                record("no name/", "{}"),
                record("q", "{\"otherTypes\": {\"capture\": false}}")));
        await().atMost(PATIENCE).until(() -> plans.find("q").isPresent());
        assertThat(plans.malformed()).isEqualTo(3);
        assertThat(plans.find("p")).contains(good);
        StoredPlan next = plans.put("p", plan("b"), good.version());
        agent.awaitLast(next);
        assertThat(agent.told().stream().filter(each -> each != null)).containsExactly(good, next);
    }

    @Test
    void aListenerThatFailsKeepsNobodyFromBeingTold() throws InterruptedException {
        CapturePlans plans = openLoaded();
        AtomicInteger calls = new AtomicInteger();
        Agent agent = new Agent();
        plans.follow("p", plan -> {
            calls.incrementAndGet();
            throw new IllegalStateException("no good");
        });
        CapturePlans.Subscription left = plans.follow("p", agent);
        StoredPlan first = plans.put("p", plan("a"), CapturePlans.NONE);
        agent.awaitLast(first);
        left.close();
        StoredPlan second = plans.put("p", plan("b"), first.version());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(calls).hasValueGreaterThanOrEqualTo(2));
        assertThat(agent.told()).doesNotContain(second);
    }

    @Test
    void aFollowerOutlivesItsBroker(@TempDir Path directory) throws InterruptedException {
        Agent agent = new Agent();
        StoredPlan first;
        CapturePlans plans;
        int port;
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory, 0)) {
            port = broker.port();
            plans = open("plans", broker.bootstrapServers());
            plans.follow("p", agent);
            first = plans.put("p", plan("a"), CapturePlans.NONE);
            agent.awaitLast(first);
        }
        assertThat(plans.find("p")).contains(first); // goes on with what it knows
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory, port)) {
            StoredPlan second = open("plans", broker.bootstrapServers()).put("p", plan("b"), first.version());
            agent.awaitLast(second);
            plans.close();
        }
    }

    @Test
    void agentsStartWithoutACluster() {
        CapturePlans plans =
                CapturePlans.open(topic, Map.of("bootstrap.servers", "localhost:1", "default.api.timeout.ms", 300));
        opened.add(plans);
        Agent agent = new Agent();
        plans.follow("p", agent);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatExceptionOfType(PlansUnavailableException.class)
                        .isThrownBy(plans::list)
                        .withMessageContaining("has not been read yet: "));
        assertThatExceptionOfType(PlansUnavailableException.class)
                .isThrownBy(() -> plans.put("p", plan("a"), CapturePlans.ANY));
        assertThat(agent.told()).isEmpty();
    }

    @Test
    void aTopicThatForgetsIsNotWrittenTo() throws InterruptedException {
        kafka.createTopic(topic, 1, Map.of("cleanup.policy", "delete"));
        CapturePlans plans = openLoaded();
        assertThatExceptionOfType(PlansUnavailableException.class)
                .isThrownBy(() -> plans.put("p", plan("a"), CapturePlans.NONE))
                .withMessageContaining("cleanup.policy=delete");
        assertThat(kafka.consumeAll(topic)).isEmpty();
    }

    @Test
    void wrongArgumentsAreNamed() throws InterruptedException {
        CapturePlans plans = openLoaded();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plans.put("a/b", plan("a"), CapturePlans.ANY))
                .withMessageContaining("'a/b' is no name of a capture plan");
        assertThatIllegalArgumentException().isThrownBy(() -> plans.delete("p", CapturePlans.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CapturePlans.open(topic, Map.of()))
                .withMessageContaining("bootstrap.servers");
    }

    private static CapturePlan plan(String type) {
        return CapturePlan.EVERYTHING.with(type, TypeRule.NONE);
    }

    private static CapturePlan counting(int count) {
        return CapturePlan.parse("{\"description\": \"" + count + "\"}");
    }

    private ProducerRecord<byte[], byte[]> record(String name, String value) {
        return new ProducerRecord<>(
                topic, name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }
}
