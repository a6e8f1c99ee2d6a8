package io.forebay.serdes.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The compacted topic. Its consumer has no group and commits nothing; its producer exists only while it writes. */
final class KafkaSchemaLog implements TopicCatalog.SchemaLog {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
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
    private final Duration timeout;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private boolean writable;

    KafkaSchemaLog(String topic, Map<String, ?> configs) {
        this.topic = topic;
        this.configs = Map.copyOf(withoutNulls(configs));
        this.timeout = timeout(configs.get(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG));
        if (!this.configs.containsKey(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException("topic " + topic + " of schemas needs bootstrap.servers");
        }
    }

    @Override
    public void readToEnd(Visitor visitor) {
        KafkaConsumer<byte[], byte[]> reader = consumer();
        if (reader == null) {
            return; // no topic, no schemas
        }
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment(), timeout);
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey(), timeout) < end.getValue())) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException("topic " + topic + " could not be read to its end within " + timeout);
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                visitor.visit(text(record.key()), text(record.value()));
            }
        }
    }

    @Override
    public void append(String key, String value) {
        prepareToWrite();
        Map<String, Object> options = options(ProducerConfig.configNames());
        options.put(ProducerConfig.ACKS_CONFIG, "all");
        options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout.toMillis());
        options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        options.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.max(1, timeout.toMillis() / 3));
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

    /** A reader of all partitions, or null if there is no such topic. */
    private @Nullable KafkaConsumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            Map<String, Object> options = options(ConsumerConfig.configNames());
            options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            options.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false); // it would not be compacted
            var connected = new KafkaConsumer<>(options, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            try {
                List<TopicPartition> partitions = partitions(connected);
                connected.assign(partitions);
                connected.seekToBeginning(partitions);
                consumer = partitions.isEmpty() ? null : connected;
            } finally {
                if (consumer == null) {
                    connected.close();
                }
            }
        }
        return consumer;
    }

    /** A topic that was just created is not known to all brokers at once. */
    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> connected) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            List<TopicPartition> partitions =
                    Objects.requireNonNullElse(connected.partitionsFor(topic, timeout), List.<PartitionInfo>of())
                            .stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            if (!partitions.isEmpty() || !writable) {
                return partitions;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException("topic " + topic + " was created, but cannot be seen within " + timeout);
            }
        }
    }

    /** Sees to it that there is a topic that keeps what is written. */
    private void prepareToWrite() {
        if (!writable) {
            try (Admin admin = Admin.create(options(AdminClientConfig.configNames()))) {
                try {
                    checkForgetsNothing(admin);
                } catch (UnknownTopicOrPartitionException e) {
                    create(admin);
                }
            }
            writable = true;
        }
    }

    private void create(Admin admin) {
        NewTopic newTopic = new NewTopic(topic, Optional.of(1), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        try {
            await(admin.createTopics(List.of(newTopic)).all(), "create");
        } catch (TopicExistsException e) {
            checkForgetsNothing(admin); // another program was faster
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
        options.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis()); // no longer than the whole
        if (names.contains(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)) {
            options.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        }
        return options;
    }

    private <T> T await(Future<T> future, String what) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while waiting for topic " + topic, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof TopicExistsException || cause instanceof UnknownTopicOrPartitionException) {
                throw (ApiException) cause;
            }
            throw new KafkaException("cannot " + what + " topic " + topic + ": " + cause, cause);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("cannot " + what + " topic " + topic + " within " + timeout, e);
        }
    }

    /** What the application says of its own clients also holds for these. */
    private static Duration timeout(@Nullable Object apiTimeoutMs) {
        return apiTimeoutMs == null ? DEFAULT_TIMEOUT : Duration.ofMillis(Long.parseLong(apiTimeoutMs.toString()));
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
