package io.forebay.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a test does with a broker, whichever it is: topics, records, offsets. {@link KafkaFixture} has the same for the broker that
 * tests share.
 *
 * <p>Thread-safe: each call but the admin client's has clients of its own.
 */
public final class BrokerClients implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String bootstrapServers;
    private final Admin admin;

    /** Clients of the broker at {@code host:port}. */
    public BrokerClients(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers));
    }

    /** An admin client, closed with this object. */
    public Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    /** See {@link KafkaFixture#createTopic(String, int, Map)}. */
    public void createTopic(String name, int partitions, Map<String, String> config) {
        NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(config);
        String action = "create topic " + name;
        await(action, admin.createTopics(List.of(topic)).all());
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!hasLeaders(name, partitions)) {
            requireBefore(deadline, action + ": no leader for every partition");
        }
    }

    private boolean hasLeaders(String topic, int partitions) {
        try {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .get(topic);
            return description != null
                    && description.partitions().size() == partitions
                    && description.partitions().stream().allMatch(partition -> partition.leader() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false; // created, but not yet known to the broker that answers
            }
            throw new IllegalStateException("cannot describe topic " + topic, e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("cannot describe topic " + topic + " within " + TIMEOUT, e);
        } catch (InterruptedException e) {
            throw interrupted("describe topic " + topic, e);
        }
    }

    /** See {@link KafkaFixture#produce}. */
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        Properties config = config();
        config.put("linger.ms", "0");
        // A partition that was just created may refuse the first batch and accept the next one in flight; the first is
        // then
        // out of sequence for ever.
        config.put("max.in.flight.requests.per.connection", "1");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            producer.flush();
            for (Future<RecordMetadata> future : sent) {
                await("produce", future);
            }
        }
    }

    /** See {@link KafkaFixture#lag}. */
    public long lag(String topic, String group) {
        Map<TopicPartition, OffsetAndMetadata> committed = await(
                "read the offsets of " + group,
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        try (Consumer<byte[], byte[]> consumer = consumer(topic)) {
            return consumer.endOffsets(consumer.assignment(), TIMEOUT).entrySet().stream()
                    .mapToLong(end -> {
                        OffsetAndMetadata offset = committed.get(end.getKey());
                        return end.getValue() - (offset == null ? 0 : offset.offset());
                    })
                    .sum();
        }
    }

    /** See {@link KafkaFixture#consumeAll}. */
    public List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic) {
        try (Consumer<byte[], byte[]> consumer = consumer(topic)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), TIMEOUT);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                requireBefore(deadline, "consume all of " + topic + ": only " + records.size() + " records came");
                consumer.poll(POLL).forEach(records::add);
            }
            // A poll may return records that were committed after the ends were read: leave them out.
            records.removeIf(r -> r.offset() >= ends.getOrDefault(new TopicPartition(r.topic(), r.partition()), 0L));
            return List.copyOf(records);
        }
    }

    /** See {@link KafkaFixture#consume}. */
    public List<ConsumerRecord<byte[], byte[]>> consume(String topic, int count, Duration timeout) {
        try (Consumer<byte[], byte[]> consumer = consumer(topic)) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + timeout.toNanos();
            while (records.size() < count) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("topic " + topic + ": expected " + count + " records within " + timeout
                            + ", but only " + records.size() + " came");
                }
                consumer.poll(POLL).forEach(records::add);
            }
            return List.copyOf(records);
        }
    }

    /** A consumer that stands at the beginning of every partition of the topic. */
    private Consumer<byte[], byte[]> consumer(String topic) {
        Properties config = config();
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic, TIMEOUT).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private Properties config() {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrapServers);
        return config;
    }

    private static void requireBefore(long deadlineNanos, String what) {
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new IllegalStateException(what + " within " + TIMEOUT);
        }
    }

    private static <T> T await(String action, Future<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot " + action + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("cannot " + action + " within " + TIMEOUT, e);
        } catch (InterruptedException e) {
            throw interrupted(action, e);
        }
    }

    private static IllegalStateException interrupted(String action, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted: " + action, e);
    }
}
