package io.forebay.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Ends the JVM, as a kill -9 does, when it comes to a chosen moment for the n-th time: one of the store's, or one of Kafka's
 * clients around it.
 */
final class HaltAt implements CrashPoints, KafkaClientSupplier {

    /** The system property that says where: {@code moment:n}. */
    static final String PROPERTY = "forebay.test.halt";

    static final int EXIT_CODE = 77;

    private static final String FLUSHING = "FLUSHING";
    private static final String FLUSHED = "FLUSHED";
    private static final String COMMITTING = "COMMITTING";
    private static final String COMMIT_RETURNED = "COMMIT_RETURNED";

    private final String chosen;
    private final AtomicInteger left;

    private HaltAt(String chosen, int occurrence) {
        this.chosen = chosen;
        this.left = new AtomicInteger(occurrence);
    }

    /** Every moment there is. */
    static Stream<String> moments() {
        return Stream.concat(
                Stream.of(Moment.values()).map(Moment::name),
                Stream.of(FLUSHING, FLUSHED, COMMITTING, COMMIT_RETURNED));
    }

    /** As the system property says; without it, never. */
    static HaltAt configured() {
        String[] where = System.getProperty(PROPERTY, "NEVER:1").split(":", 2);
        return new HaltAt(where[0], Integer.parseInt(where[1]));
    }

    @Override
    public void reached(Moment moment) {
        reached(moment.name());
    }

    private void reached(String moment) {
        if (moment.equals(chosen) && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new HaltingProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new HaltingConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    private final class HaltingProducer extends KafkaProducer<byte[], byte[]> {

        HaltingProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void flush() {
            reached(FLUSHING);
            super.flush();
            reached(FLUSHED);
        }

        @Override
        public void commitTransaction() {
            reached(COMMITTING);
            super.commitTransaction();
            reached(COMMIT_RETURNED);
        }
    }

    private final class HaltingConsumer extends KafkaConsumer<byte[], byte[]> {

        HaltingConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            reached(COMMITTING);
            super.commitSync(offsets);
            reached(COMMIT_RETURNED);
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            reached(COMMITTING);
            super.commitSync(offsets, timeout);
            reached(COMMIT_RETURNED);
        }
    }
}
