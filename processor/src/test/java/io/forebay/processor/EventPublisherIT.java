package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.forebay.serdes.event.Event;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventPublisherIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

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
        assertThat(stats).isEqualTo(new EventPublisherStats(100, 100, 0, 0));
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
