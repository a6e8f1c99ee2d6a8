package io.forebay.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A JUnit 5 extension that gives tests a real Kafka broker: one per JVM, started when the first test asks for it and shared
 * by all classes, so that its start is paid once.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final KafkaFixture kafka = KafkaFixture.shared();
 *
 * @Test
 * void test() {
 *     String topic = kafka.createTopic(kafka.uniqueName("orders"), 4);
 *     kafka.produce(List.of(new ProducerRecord<>(topic, key, value)));
 * }
 * }</pre>
 *
 * <p>Tests share the broker, so they take names from {@link #uniqueName} for topics, groups and application ids.
 *
 * <p>{@code -Dforebay.test.kafka=container} runs the tests against Testcontainers' Kafka instead of the embedded broker; where
 * Docker is missing they are skipped, with a message. Testcontainers must then be on the test class path. Data is kept under
 * {@code target/} (or below {@code -Dforebay.test.directory}) and removed at the end.
 *
 * <p>Thread-safe.
 */
public final class KafkaFixture implements BeforeAllCallback {

    private static final KafkaFixture SHARED = new KafkaFixture(new SharedBroker());

    private final SharedBroker broker;
    private final AtomicLong names = new AtomicLong();

    KafkaFixture(SharedBroker broker) {
        this.broker = broker;
    }

    /** The fixture of this JVM. */
    public static KafkaFixture shared() {
        return SHARED;
    }

    /** Skips the class where the wanted broker cannot run; otherwise makes sure the broker ends with the test run. */
    @Override
    public void beforeAll(ExtensionContext context) {
        broker.assumeAvailable();
        context.getRoot().getStore(Namespace.create(KafkaFixture.class)).put(broker, (AutoCloseable) broker::close);
    }

    /** {@code host:port}, for {@code bootstrap.servers}; the first call starts the broker. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** An admin client of the shared broker, closed with it: do not close it. */
    public Admin admin() {
        return broker.clients().admin();
    }

    /** {@code prefix} with a suffix that no other call in this or another JVM gets. */
    public String uniqueName(String prefix) {
        return prefix + "-" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + names.incrementAndGet();
    }

    /**
     * Creates a topic with the broker's default settings and waits until its partitions have leaders.
     *
     * @return {@code name}
     */
    public String createTopic(String name, int partitions) {
        return createTopic(name, partitions, Map.of());
    }

    /**
     * Creates a topic with settings of its own and waits until its partitions have leaders.
     *
     * @return {@code name}
     */
    public String createTopic(String name, int partitions, Map<String, String> config) {
        broker.clients().createTopic(name, partitions, config);
        return name;
    }

    /** Sends the records and waits until all are acknowledged. */
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        broker.clients().produce(records);
    }

    /**
     * Everything committed in the topic at the time of the call, in offset order within each partition. Transactions that
     * are aborted or still open are not seen ({@code read_committed}).
     */
    public List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic) {
        return broker.clients().consumeAll(topic);
    }

    /**
     * Reads committed records from the beginning of the topic until there are {@code count} of them.
     *
     * @throws AssertionError if fewer have come when {@code timeout} is over; it says how many
     */
    public List<ConsumerRecord<byte[], byte[]>> consume(String topic, int count, Duration timeout) {
        return broker.clients().consume(topic, count, timeout);
    }

    /**
     * How many committed records of the topic a consumer group has not committed yet. What transaction markers take up
     * beyond the last record counts as well until the group commits past them.
     */
    public long lag(String topic, String group) {
        return broker.clients().lag(topic, group);
    }
}
