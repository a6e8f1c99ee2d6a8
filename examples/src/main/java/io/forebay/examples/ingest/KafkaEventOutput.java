package io.forebay.examples.ingest;

import io.forebay.examples.cli.UserError;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to a Kafka topic as Avro, keyed by event id: acknowledged by all replicas, idempotent, in order. Waits
 * when the producer's buffer is full.
 */
final class KafkaEventOutput implements EventOutput, AutoCloseable {

    private static final Duration REACHABLE_WITHIN = Duration.ofSeconds(6);
    private static final Duration DELIVERED_WITHIN = Duration.ofSeconds(60);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(5);

    private final String topic;
    private final Producer<String, Event> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    KafkaEventOutput(Producer<String, Event> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /**
     * Makes sure that brokers and topic are there, and connects.
     *
     * @param schemaRegistry where the events' schema is to be registered, or null for none
     * @throws UserError if they are not
     */
    static KafkaEventOutput connect(String bootstrapServers, String topic, @Nullable String schemaRegistry)
            throws InterruptedException {
        requireTopic(bootstrapServers, topic);
        AvroSerdes.Builder<Event> serde = AvroSerdes.specific(Event.class);
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.CLIENT_ID_CONFIG,
                "forebay-ingest",
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 * 1024,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                DELIVERED_WITHIN.toMillis(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) DELIVERED_WITHIN.toMillis());
        return new KafkaEventOutput(
                new KafkaProducer<>(
                        config,
                        new StringSerializer(),
                        (schemaRegistry == null ? serde : serde.registry(schemaRegistry))
                                .build()
                                .serializer()),
                topic);
    }

    @Override
    public void publish(Event event) throws InterruptedException {
        requireHealthy();
        try {
            producer.send(new ProducerRecord<>(topic, event.getId(), event), (metadata, error) -> {
                if (error != null) {
                    failure.compareAndSet(null, error);
                }
            });
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw notWritten(e);
        }
    }

    @Override
    public void flush() throws InterruptedException {
        try {
            producer.flush();
        } catch (InterruptException e) {
            throw interrupted(e);
        }
        requireHealthy();
    }

    @Override
    public void close() {
        producer.close(CLOSED_WITHIN);
    }

    private void requireHealthy() {
        Exception error = failure.get();
        if (error != null) {
            throw notWritten(error);
        }
    }

    private UserError notWritten(Exception cause) {
        return new UserError(
                "events cannot be written to topic '" + topic + "' (" + cause.getMessage()
                        + "): once that is put right, run it again, events are not duplicated",
                cause);
    }

    /** Kafka has set the thread's interrupt flag again; the exception takes its place. */
    private static InterruptedException interrupted(InterruptException cause) {
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    private static void requireTopic(String bootstrapServers, String topic) throws InterruptedException {
        Properties config = new Properties();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) REACHABLE_WITHIN.toMillis() / 2);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) REACHABLE_WITHIN.toMillis());
        try (Admin admin = Admin.create(config)) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new UserError(
                        "topic '" + topic + "' does not exist at " + bootstrapServers
                                + ": start './forebay demo' there once, or name another with --topic",
                        e);
            }
            throw unreachable(bootstrapServers, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw unreachable(bootstrapServers, e.getCause() == null ? e : e.getCause());
        }
    }

    private static UserError unreachable(String bootstrapServers, Throwable cause) {
        return new UserError(
                "no Kafka broker answers at " + bootstrapServers + " (" + cause.getMessage()
                        + "): start it, or name another with --bootstrap-servers",
                cause);
    }
}
