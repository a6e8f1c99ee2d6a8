package io.forebay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@Tag("slow")
class KilledBrokerIT {

    private static final String TOPIC = "orders";
    /** So many that some transactions are decided, but not completed, whenever the broker is killed. */
    private static final int PRODUCERS = 12;

    private static final int TRANSACTIONS = 10;
    /** One for each partition of the transactions' log. */
    private static final int COORDINATORS = 5;

    private Path directory;

    @BeforeEach
    void createDirectory() {
        directory = TestDirectories.create("killed");
    }

    /**
     * On another port: at the old one the coordinator's attempts would wait in a queue until the broker is ready. A coordinator
     * that is elected too early loses transactions now and then only, so that is looked at as well.
     */
    @Test
    void completesTheTransactionsThatWereDecidedBeforeItWasKilled() throws Exception {
        killDuringTransactions();

        try (CoordinatorLog log = new CoordinatorLog();
                EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
                BrokerClients clients = new BrokerClients(kafka.bootstrapServers())) {
            for (int i = 0; i < PRODUCERS; i++) {
                endTransactionOf(producer(kafka.bootstrapServers(), i));
            }
            assertThat(log.messages())
                    .filteredOn(message -> message.contains("Elected as the txn coordinator"))
                    .as("each coordinator is elected once")
                    .hasSize(COORDINATORS);
            assertThat(ends(clients, IsolationLevel.READ_COMMITTED))
                    .as("what is open keeps consumers of committed records from reading on")
                    .isEqualTo(ends(clients, IsolationLevel.READ_UNCOMMITTED));
        }
    }

    private void killDuringTransactions() throws Exception {
        try (ChildKafka kafka = ChildKafka.start(directory, 0);
                BrokerClients clients = new BrokerClients(kafka.bootstrapServers())) {
            clients.createTopic(TOPIC, PRODUCERS, Map.of());
            List<Load> load = IntStream.range(0, PRODUCERS)
                    .mapToObj(i -> new Load(producer(kafka.bootstrapServers(), i), i))
                    .toList();
            try {
                load.forEach(Thread::start);
                for (Load one : load) {
                    one.awaitUnderWay();
                }
                kafka.kill();
            } finally {
                for (Load one : load) {
                    one.end();
                }
            }
        }
    }

    /** As an application does that comes back: waits for a decided transaction to be completed, and aborts an open one. */
    private static void endTransactionOf(KafkaProducer<byte[], byte[]> producer) {
        try (producer) {
            producer.initTransactions();
        }
    }

    private static Map<TopicPartition, Long> ends(BrokerClients clients, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> partitions = IntStream.range(0, PRODUCERS)
                .mapToObj(i -> new TopicPartition(TOPIC, i))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        clients.admin()
                .listOffsets(partitions, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers, int number) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "writer-" + number, "linger.ms", "0");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Commits one small transaction after another until the broker is gone. */
    private static final class Load extends Thread {

        private final KafkaProducer<byte[], byte[]> producer;
        private final int partition;
        private final CountDownLatch underWay = new CountDownLatch(TRANSACTIONS);

        Load(KafkaProducer<byte[], byte[]> producer, int partition) {
            super("load-" + partition);
            this.producer = producer;
            this.partition = partition;
        }

        @Override
        public void run() {
            try {
                producer.initTransactions();
                while (!isInterrupted()) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[10]));
                    producer.commitTransaction();
                    underWay.countDown();
                }
            } catch (KafkaException | IllegalStateException e) {
                // closed, or interrupted, after the broker has gone
            }
        }

        void awaitUnderWay() throws InterruptedException {
            assertThat(underWay.await(60, TimeUnit.SECONDS))
                    .as("%s committed %d transactions", getName(), TRANSACTIONS)
                    .isTrue();
        }

        void end() throws InterruptedException {
            interrupt();
            producer.close(Duration.ZERO);
            join();
        }
    }

    /** What the transaction coordinators of this JVM log. */
    private static final class CoordinatorLog implements AutoCloseable {

        private final Logger logger =
                (Logger) LoggerFactory.getLogger("kafka.coordinator.transaction.TransactionCoordinator");
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();
        private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                messages.add(event.getFormattedMessage());
            }
        };

        CoordinatorLog() {
            appender.start();
            logger.addAppender(appender);
            logger.setAdditive(false);
            logger.setLevel(Level.INFO);
        }

        Collection<String> messages() {
            return messages;
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }
}
