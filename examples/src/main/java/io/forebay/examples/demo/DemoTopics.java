package io.forebay.examples.demo;

import io.forebay.examples.cli.UserError;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the demo on a cluster: makes them, and knows how far they have been processed. Thread-safe. */
final class DemoTopics implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final String bootstrapServers;

    private DemoTopics(Admin admin, String bootstrapServers) {
        this.admin = admin;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Connects to a cluster.
     *
     * @throws UserError if it does not answer within ten seconds, or the addresses are no addresses
     */
    static DemoTopics connect(String bootstrapServers) throws InterruptedException {
        Admin admin;
        try {
            admin = Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrapServers,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    (int) PATIENCE.toMillis(),
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    (int) PATIENCE.toMillis() / 2));
        } catch (RuntimeException e) {
            throw new UserError(
                    "--bootstrap-servers=" + bootstrapServers + " is not usable ("
                            + rootCause(e).getMessage()
                            + "): expected HOST:PORT[,HOST:PORT…] of hosts that are known here",
                    e);
        }
        DemoTopics topics = new DemoTopics(admin, bootstrapServers);
        try {
            topics.ask(admin.describeCluster().clusterId());
            return topics;
        } catch (RuntimeException | InterruptedException e) {
            topics.close();
            throw e;
        }
    }

    /**
     * Makes a topic unless it is there.
     *
     * @return the number of its partitions, which is another than the one asked for if it was there before
     */
    int create(String topic, int partitions) throws InterruptedException {
        try {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
            return partitions;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return ask(admin.describeTopics(List.of(topic))
                                .topicNameValues()
                                .values()
                                .iterator()
                                .next())
                        .partitions()
                        .size();
            }
            throw failure(e);
        }
    }

    /** How many records of the topic the group has still to process and commit. */
    long lag(String topic, int partitions, String group) throws InterruptedException {
        Map<TopicPartition, Long> begins = offsets(topic, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(topic, partitions, OffsetSpec.latest());
        Map<TopicPartition, OffsetAndMetadata> committed =
                ask(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long lag = 0;
        for (Map.Entry<TopicPartition, Long> begin : begins.entrySet()) {
            OffsetAndMetadata offset = committed.get(begin.getKey());
            long done = offset == null ? begin.getValue() : offset.offset();
            lag += Math.max(0, ends.getOrDefault(begin.getKey(), done) - done);
        }
        return lag;
    }

    private Map<TopicPartition, Long> offsets(String topic, int partitions, OffsetSpec which)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            wanted.put(new TopicPartition(topic, partition), which);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        ask(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private <T> T ask(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static Throwable rootCause(Throwable e) {
        return e.getCause() == null ? e : rootCause(e.getCause());
    }

    private UserError failure(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof TimeoutException) {
            return new UserError(
                    "no Kafka broker answers at " + bootstrapServers + " within " + PATIENCE.toSeconds()
                            + " s: check the address and whether the broker runs",
                    cause);
        }
        return new UserError("the Kafka cluster at " + bootstrapServers + " refuses: " + cause.getMessage(), cause);
    }
}
