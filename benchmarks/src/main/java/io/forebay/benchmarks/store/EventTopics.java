package io.forebay.benchmarks.store;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of a run: made, filled, weighed and deleted. */
final class EventTopics implements AutoCloseable {

    /** Where applications without a store send something now and then. */
    static final String SAMPLE = "sample";

    private static final int BROKER = 1;
    private static final String CHANGELOG = "-changelog";

    private final String bootstrapServers;
    private final Admin admin;

    EventTopics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers));
    }

    void create(String topic) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }

    /** Makes a topic of one partition with the first events. */
    void fill(String topic, SampleEvents events, int count) throws ExecutionException, InterruptedException {
        create(topic);
        AtomicReference<Exception> failure = new AtomicReference<>();
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "5", "batch.size", "65536", "acks", "all");
        try (KafkaProducer<byte[], SampleEvent> producer = new KafkaProducer<>(
                config, new ByteArraySerializer(), SampleEvent.serde().serializer())) {
            for (int number = 0; number < count; number++) {
                producer.send(new ProducerRecord<>(topic, events.get(number)), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new ExecutionException("cannot fill topic " + topic, failure.get());
        }
    }

    /** The bytes on the broker's disk of all changelogs of an application. */
    long changelogBytes(String application) throws ExecutionException, InterruptedException {
        Map<String, LogDirDescription> directories = Objects.requireNonNull(
                admin.describeLogDirs(List.of(BROKER)).allDescriptions().get().get(BROKER));
        return directories.values().stream()
                .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                .filter(replica -> isChangelog(replica.getKey().topic(), application))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    /** Deletes the changelogs of all applications. */
    void deleteChangelogs() throws ExecutionException, InterruptedException {
        Set<String> topics = admin.listTopics().names().get().stream()
                .filter(topic -> topic.endsWith(CHANGELOG))
                .collect(Collectors.toSet());
        admin.deleteTopics(topics).all().get();
    }

    private static boolean isChangelog(String topic, String application) {
        return topic.startsWith(application + "-") && topic.endsWith(CHANGELOG);
    }

    @Override
    public void close() {
        admin.close();
    }
}
