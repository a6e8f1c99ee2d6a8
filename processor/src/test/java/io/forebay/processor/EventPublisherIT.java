package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.processor.plan.CaptureFilter;
import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.CapturePlans;
import io.forebay.processor.plan.StoredPlan;
import io.forebay.processor.plan.TypeRule;
import io.forebay.serdes.event.Event;
import io.forebay.testing.EmbeddedKafka;
import io.forebay.testing.KafkaFixture;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EventPublisherIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void publishesEverythingItAcceptedInTheOrderOfEachThread() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("published"), 1);
        int threads = 2;
        int eventsPerThread = 20_000;
        EventPublisher<Event> publisher = publisher(topic, kafka.bootstrapServers());
        List<Thread> writers = IntStream.range(0, threads)
                .mapToObj(thread -> new Thread(() -> {
                    for (int i = 0; i < eventsPerThread; i++) {
                        publisher.lazyPut(IndexerDriver.event(thread + "-" + i));
                    }
                }))
                .toList();
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
        EventPublisherStats stats = publisher.close(Duration.ofSeconds(30));

        assertThat(stats.accepted() + stats.dropped()).isEqualTo((long) threads * eventsPerThread);
        assertThat(stats.failed()).isZero();
        assertThat(stats.published()).isEqualTo(stats.accepted());
        List<ConsumerRecord<byte[], byte[]>> records = kafka.consumeAll(topic);
        assertThat(records).hasSize((int) stats.published());
        assertOrderedByThread(records);
        assertThatIllegalStateException().isThrownBy(() -> publisher.lazyPut(IndexerDriver.event("late")));
    }

    @Test
    void waitsForATopicThatCannotBeWrittenToYet() {
        String topic = kafka.uniqueName("late");
        EventPublisher<Event> publisher = publisher(topic, kafka.bootstrapServers());
        for (int i = 0; i < 100; i++) {
            publisher.lazyPut(IndexerDriver.event("0-" + i));
        }
        await().pollDelay(Duration.ofMillis(500)).until(() -> publisher.stats().published() == 0);
        kafka.createTopic(topic, 1);
        EventPublisherStats stats = publisher.close(Duration.ofSeconds(30));
        assertThat(stats).isEqualTo(new EventPublisherStats(100, 100, 0, 0, 0, 0, 0));
        assertOrderedByThread(kafka.consumeAll(topic));
    }

    @Test
    void countsWhatCannotBePublished() {
        EventPublisher<Event> publisher = publisher("nowhere", "localhost:1");
        int events = 100;
        for (int i = 0; i < events; i++) {
            publisher.lazyPut(IndexerDriver.event("e" + i));
        }
        EventPublisherStats stats = publisher.close(Duration.ofSeconds(2));
        assertThat(stats.published()).isZero();
        assertThat(stats.accepted()).isEqualTo(events);
        assertThat(stats.failed()).isEqualTo(events);
    }

    @Test
    void anOutageOfTheBrokerLosesNothingAndKeepsTheOrder(@TempDir Path directory) throws Exception {
        EventPublisher<String> publisher;
        List<Thread> writers;
        AtomicBoolean enough = new AtomicBoolean();
        int port;
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory, 0)) {
            port = broker.port();
            createTopic(broker, "events");
            publisher = texts("events")
                    .producer(Map.of("bootstrap.servers", broker.bootstrapServers()))
                    .build();
            writers = IntStream.range(0, 2)
                    .mapToObj(thread -> new Thread(() -> {
                        for (int i = 0; !enough.get(); i++) {
                            if (publisher.lazyPut(thread + "-" + i)) {
                                LockSupport.parkNanos(100_000);
                            }
                        }
                    }))
                    .toList();
            writers.forEach(Thread::start);
            await().atMost(PATIENCE).until(() -> publisher.stats().published() > 1_000);
        }
        long before = publisher.stats().accepted();
        await().atMost(PATIENCE).until(() -> publisher.stats().accepted() > before + 1_000);
        assertThat(publisher.stats().pending()).isPositive();
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory, port)) {
            long then = publisher.stats().published();
            await().atMost(PATIENCE).until(() -> publisher.stats().published() > then + 1_000);
            enough.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            EventPublisherStats end = publisher.close(PATIENCE);
            assertThat(end.failed()).isZero();
            assertThat(end.pending()).isZero();
            assertThat(end.published()).isEqualTo(end.accepted() - end.overwritten());
            List<ConsumerRecord<byte[], byte[]>> records = consumeAll(broker, "events");
            assertThat(records).hasSize((int) end.published());
            assertOrderedByThread(records);
        }
    }

    @Test
    void neverBlocksUnlessAskedTo() {
        try (EventPublisher<String> publisher = unreachable().build()) {
            for (int i = 0; i < 10_000; i++) {
                publisher.lazyPut("e" + i); // each would take a minute if it waited for the producer
            }
            EventPublisherStats stats = publisher.stats();
            assertThat(stats.accepted() + stats.rejected()).isEqualTo(10_000);
            assertThat(stats.rejected()).isGreaterThan(9_000);
            assertThat(stats.overwritten()).isZero();
            publisher.close(Duration.ZERO);
        }
        try (EventPublisher<String> publisher =
                unreachable().overflow(OverflowStrategy.DROP_OLDEST).build()) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(publisher.lazyPut("e" + i)).isTrue();
            }
            assertThat(publisher.stats().overwritten()).isGreaterThan(9_000);
            EventPublisherStats end = publisher.close(Duration.ZERO);
            assertThat(end.accepted()).isEqualTo(10_000);
            assertThat(end.overwritten() + end.failed()).isEqualTo(10_000);
            assertThat(publisher.close(Duration.ofDays(1))).isEqualTo(end);
        }
    }

    @Test
    void blocksForAsLongAsItIsAskedTo() {
        try (EventPublisher<String> publisher = unreachable()
                .overflow(OverflowStrategy.BLOCK)
                .blockTimeout(Duration.ofMillis(200))
                .build()) {
            long begin = System.nanoTime();
            int accepted = 0;
            while (publisher.lazyPut("e" + accepted)) {
                accepted++;
            }
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(200_000_000L);
            assertThat(publisher.stats().accepted()).isEqualTo(accepted);
            assertThat(publisher.stats().rejected()).isEqualTo(1);
            publisher.close(Duration.ZERO);
        }
    }

    @Test
    void oneThatCannotBeSerialisedKeepsNoOtherBackAndRepeatsNone() {
        String topic = kafka.createTopic(kafka.uniqueName("poison"), 1);
        EventPublisher<String> publisher = EventPublisher.builder(topic, Function.identity(), (name, text) -> {
                    if (text.endsWith("7")) {
                        throw new SerializationException("no sevens");
                    }
                    if (text.endsWith("8")) {
                        throw new StackOverflowError("too deep");
                    }
                    return text.getBytes(StandardCharsets.UTF_8);
                })
                .producer(Map.of("bootstrap.servers", kafka.bootstrapServers()))
                .build();
        for (int i = 0; i < 100; i++) {
            publisher.lazyPut("0-" + i);
        }
        EventPublisherStats stats = publisher.close(PATIENCE);
        assertThat(stats).isEqualTo(new EventPublisherStats(100, 80, 0, 0, 0, 0, 20));
        List<ConsumerRecord<byte[], byte[]>> records = kafka.consumeAll(topic);
        assertThat(records).hasSize(80);
        assertOrderedByThread(records);
    }

    @Test
    void followsACapturePlanWhileItRuns() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("planned"), 1);
        Map<String, Object> cluster = Map.of("bootstrap.servers", kafka.bootstrapServers());
        LongAdder serialised = new LongAdder();
        CaptureFilter<String> filter =
                CaptureFilter.<String>builder(text -> text.substring(0, 1)).build();
        try (CapturePlans plans = CapturePlans.open(kafka.uniqueName("plans"), cluster);
                EventPublisher<String> publisher = EventPublisher.builder(topic, Function.identity(), (name, text) -> {
                            serialised.increment();
                            return text.getBytes(StandardCharsets.UTF_8);
                        })
                        .producer(cluster)
                        .filter(filter)
                        .build()) {
            plans.follow("p", filter);
            assertThat(publisher.lazyPut("a-0")).isTrue();
            StoredPlan written = plans.put("p", CapturePlan.EVERYTHING.with("a", TypeRule.NONE), CapturePlans.NONE);
            await().atMost(PATIENCE).until(() -> !filter.test("a"));
            assertThat(publisher.lazyPut("a-1")).isFalse();
            assertThat(publisher.lazyPut("b-0")).isTrue();
            plans.delete("p", written.version());
            await().atMost(PATIENCE).until(() -> filter.test("a"));
            assertThat(publisher.lazyPut("a-2")).isTrue();
            EventPublisherStats end = publisher.close(PATIENCE);
            assertThat(end).isEqualTo(new EventPublisherStats(3, 3, 0, 0, 0, 1, 0));
            assertThat(serialised.sum()).isEqualTo(3);
        }
    }

    @Test
    void itsNumbersAreMetrics() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name =
                new ObjectName("forebay.publisher:type=forebay-publisher-metrics,client-id=metered,topic=metered");
        EventPublisher<String> publisher = unreachable("metered")
                .producer(Map.of("client.id", "metered"))
                .filter(text -> !text.startsWith("x"))
                .build();
        for (int i = 0; i < 5_000; i++) {
            publisher.lazyPut((i < 3 ? "x" : "e") + i);
        }
        EventPublisherStats stats = publisher.stats();
        assertThat(server.getAttribute(name, "excluded-total")).isEqualTo(3L);
        assertThat(server.getAttribute(name, "accepted-total")).isEqualTo(stats.accepted());
        assertThat(server.getAttribute(name, "dropped-total")).isEqualTo(stats.dropped());
        assertThat(server.getAttribute(name, "pending")).isEqualTo(stats.accepted());
        assertThat(server.getAttribute(name, "published-total")).isEqualTo(0L);
        assertThat(server.getAttribute(name, "failed-total")).isEqualTo(0L);
        publisher.close(Duration.ZERO);
        assertThat(server.isRegistered(name)).isFalse();
    }

    /** The producer has too little memory, and refuses events whose serializer has written headers by then. */
    @Test
    void whatTheProducerRefusesIsSentAgainThoughTheSerializerWritesHeaders() {
        String topic = kafka.createTopic(kafka.uniqueName("marked"), 1);
        Marking serializer = new Marking();
        EventPublisher<String> publisher = EventPublisher.builder(topic, text -> "key", serializer)
                .producer(Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "buffer.memory",
                        32_768L,
                        "compression.type",
                        "none",
                        "max.block.ms",
                        1))
                .stripes(1)
                .build();
        String filler = "x".repeat(8_000);
        for (int i = 0; i < 500; i++) {
            publisher.lazyPut(i + filler);
        }
        EventPublisherStats end = publisher.close(PATIENCE);
        assertThat(serializer.repetitions.sum()).as("refused").isPositive();
        assertThat(end).isEqualTo(new EventPublisherStats(500, 500, 0, 0, 0, 0, 0));
        assertThat(kafka.consumeAll(topic))
                .hasSize(500)
                .allSatisfy(record -> assertThat(record.headers()).hasSize(1));
    }

    /** Says in a header how it has written the value, as serializers with a registry may. */
    private static final class Marking extends StringSerializer {

        private final LongAdder repetitions = new LongAdder();
        private String last = "";

        @Override
        public byte[] serialize(String topic, Headers headers, String text) {
            if (text.equals(last)) {
                repetitions.increment();
            }
            last = text;
            headers.add("written-as", new byte[] {1});
            return serialize(topic, text);
        }
    }

    private static EventPublisher.Builder<String> unreachable() {
        return unreachable("nowhere");
    }

    /** With little room. */
    private static EventPublisher.Builder<String> unreachable(String topic) {
        return texts(topic)
                .producer(Map.of("bootstrap.servers", "localhost:1"))
                .stripes(1)
                .capacityPerStripe(16);
    }

    private static EventPublisher.Builder<String> texts(String topic) {
        return EventPublisher.builder(topic, Function.identity(), new StringSerializer());
    }

    private static void createTopic(EmbeddedKafka broker, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> consumeAll(EmbeddedKafka broker, String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static void assertOrderedByThread(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Integer> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String[] id = new String(record.key(), StandardCharsets.UTF_8).split("-");
            int number = Integer.parseInt(id[1]);
            assertThat(number).isGreaterThan(last.getOrDefault(id[0], -1));
            last.put(id[0], number);
        }
    }

    private static EventPublisher<Event> publisher(String topic, String bootstrapServers) {
        return EventPublisher.builder(topic, Event::getId, IndexerDriver.SERDE.serializer())
                .producer(Map.of("bootstrap.servers", bootstrapServers, "max.block.ms", 100))
                .build();
    }
}
