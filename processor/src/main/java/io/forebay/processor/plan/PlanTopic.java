package io.forebay.processor.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic itself: made where it is missing, looked at before it is written to. Used by one thread. */
final class PlanTopic implements AutoCloseable {

    private final String topic;
    private final Duration timeout;
    private final Admin admin;

    PlanTopic(PlanClients clients) {
        this.topic = clients.topic();
        this.timeout = clients.timeout();
        this.admin = clients.admin();
    }

    /** Makes the topic unless it is there: compacted, of one partition, so that all changes are in one order. */
    void create() {
        NewTopic newTopic = new NewTopic(topic, Optional.of(1), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        try {
            await(admin.createTopics(List.of(newTopic)).all());
        } catch (TopicExistsException | AuthorizationException e) {
            // It is there, or somebody else has to make it: then reading and writing will say so.
        }
    }

    /**
     * Looks whether the topic keeps what is written to it, and in one order.
     *
     * @throws PlansUnavailableException if not
     */
    void requireSuitable() {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = only(await(admin.describeConfigs(List.of(resource)).all()));
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new PlansUnavailableException("topic " + topic + " would forget capture plans: it has cleanup.policy="
                    + policy + ", and needs " + TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        int partitions = only(await(admin.describeTopics(List.of(topic)).allTopicNames()))
                .partitions()
                .size();
        if (partitions != 1) {
            throw new PlansUnavailableException("topic " + topic + " of capture plans has " + partitions
                    + " partitions, and needs 1: name another topic");
        }
    }

    /** Up to where the topic is committed. */
    long end() {
        Map<TopicPartition, OffsetSpec> latest = Map.of(new TopicPartition(topic, 0), OffsetSpec.latest());
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return only(await(admin.listOffsets(latest, committed).all())).offset();
    }

    private static <T> T only(Map<?, T> answer) {
        return answer.values().iterator().next();
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "the cluster does not answer within " + timeout.toMillis() + " ms", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
