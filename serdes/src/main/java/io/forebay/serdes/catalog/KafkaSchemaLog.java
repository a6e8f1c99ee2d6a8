package io.forebay.serdes.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The compacted topic. Its consumer has no group and commits nothing; its producer exists only while it writes. */
final class KafkaSchemaLog implements TopicCatalog.SchemaLog {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Options of the application's own clients that must not leak into these. */
    private static final Set<String> NOT_OURS = Set.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.CLIENT_ID_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            ProducerConfig.PARTITIONER_CLASS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            ProducerConfig.LINGER_MS_CONFIG,
            ProducerConfig.RETRIES_CONFIG,
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);

    private final String topic;
    private final Map<String, ?> configs;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    KafkaSchemaLog(String topic, Map<String, ?> configs) {
        this.topic = topic;
        this.configs = Map.copyOf(withoutNulls(configs));
        if (!this.configs.containsKey(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException("topic " + topic + " of schemas needs bootstrap.servers");
        }
    }

    @Override
    public void readToEnd(Visitor visitor) {
        KafkaConsumer<byte[], byte[]> reader = consumer();
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment(), TIMEOUT);
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey(), TIMEOUT) < end.getValue())) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new KafkaException("topic " + topic + " could not be read to its end within " + TIMEOUT);
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                visitor.visit(text(record.key()), text(record.value()));
            }
        }
    }

    @Override
    public void append(String key, String value) {
        Map<String, Object> options = options(ProducerConfig.configNames());
        options.put(ProducerConfig.ACKS_CONFIG, "all");
        options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        options.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 3);
        options.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        try (var producer = new KafkaProducer<>(options, new StringSerializer(), new StringSerializer())) {
            await(producer.send(new ProducerRecord<>(topic, key, value)), "write to");
        }
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            createTopicIfMissing();
            consumer = connect();
        }
        return consumer;
    }

    private KafkaConsumer<byte[], byte[]> connect() {
        Map<String, Object> options = options(ConsumerConfig.configNames());
        options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var connected = new KafkaConsumer<>(options, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = connected.partitionsFor(topic, TIMEOUT).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            connected.assign(partitions);
            connected.seekToBeginning(partitions);
            return connected;
        } catch (RuntimeException e) {
            connected.close();
            throw e;
        }
    }

    private void createTopicIfMissing() {
        try (Admin admin = Admin.create(options(AdminClientConfig.configNames()))) {
            NewTopic newTopic = new NewTopic(topic, Optional.of(1), Optional.empty())
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            try {
                await(admin.createTopics(List.of(newTopic)).all(), "create");
            } catch (TopicExistsException e) {
                checkForgetsNothing(admin);
            }
        }
    }

    private void checkForgetsNothing(Admin admin) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = await(admin.describeConfigs(List.of(resource)).all(), "describe")
                .values()
                .iterator()
                .next();
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new IllegalStateException("topic " + topic + " would forget schemas: it has cleanup.policy=" + policy
                    + ", and needs " + TopicConfig.CLEANUP_POLICY_COMPACT);
        }
    }

    private Map<String, Object> options(Set<String> names) {
        Map<String, Object> options = new HashMap<>(configs);
        options.keySet().removeIf(name -> NOT_OURS.contains(name) || !names.contains(name));
        return options;
    }

    private <T> T await(Future<T> future, String what) {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while waiting for topic " + topic, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException exists) {
                throw exists;
            }
            throw new KafkaException("cannot " + what + " topic " + topic + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("cannot " + what + " topic " + topic + " within " + TIMEOUT, e);
        }
    }

    private static Map<String, Object> withoutNulls(Map<String, ?> configs) {
        Map<String, Object> copy = new HashMap<>();
        configs.forEach((name, value) -> {
            if (value != null) {
                copy.put(name, value);
            }
        });
        return copy;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
