package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.processor.PutNewerApplication.Settings;
import io.forebay.testing.ChildJvm;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits between two punctuations: what they make durable is emitted, if not by this process, then by the next, here or elsewhere. */
@Tag("slow")
class PutNewerIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int KEYS = 500;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", true"
    })
    void whatACommitMadeDurableIsEmittedAfterAKill(String guarantee, boolean diskLost) throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("newer"), 1);
        Path directory = Path.of("target", "state", topic);
        Settings settings =
                new Settings(kafka.bootstrapServers(), topic, guarantee, directory.resolve("first"), NEVER.toMillis());
        kafka.createTopic(settings.output(), 1);

        produce(settings, 1, "one");
        runAndKill(settings, () -> produce(settings, 3, "three"));
        assertThat(output(settings)).as("no punctuation, nothing emitted").isEmpty();
        Settings next = diskLost ? settings.stateDir(directory.resolve("second")) : settings;
        runAndKill(next, () -> produce(settings, 2, "stale"));
        assertThat(output(settings)).isEmpty();

        try (KafkaStreams streams = PutNewerApplication.start(next.flushing(SOON))) {
            awaitEmitted(settings, KEYS, 1);
            produce(settings, 2, "stale again");
            awaitCommitted(settings); // or it might be coalesced with what comes
            produce(settings, 4, "four");
            awaitEmitted(settings, KEYS, 2);
            assertThat(streams.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }
        // Once more, after an orderly end: what has been emitted is not emitted again.
        try (KafkaStreams streams = PutNewerApplication.start(next.flushing(SOON))) {
            produce(settings, 5, "five");
            awaitEmitted(settings, KEYS, 3);
            assertThat(streams.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }

        output(settings)
                .forEach((key, records) -> assertThat(records)
                        .as(key)
                        .containsExactly(
                                "3:three of " + key + " 2", "4:four of " + key + " 1", "5:five of " + key + " 1"));
    }

    /**
     * The indexer before it hands on what it holds when the task commits, after the turn of the store, which is read by a step
     * before both. What is committed is in the changelog then, or a kill would lose it.
     */
    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void whatABufferBeforeItHandsOnWithACommitIsPartOfIt(String guarantee) {
        String topic = kafka.createTopic(kafka.uniqueName("chained"), 1);
        Settings settings = new Settings(
                kafka.bootstrapServers(), topic, guarantee, Path.of("target", "state", topic), NEVER.toMillis());
        kafka.createTopic(settings.output(), 1);
        produce(settings, 1, "one");
        try (KafkaStreams streams = PutNewerApplication.startBehindIndexer(settings)) {
            awaitCommitted(settings);
            assertThat(kafka.consumeAll(settings.applicationId() + "-newest-changelog"))
                    .hasSize(KEYS);
            assertThat(streams.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }
    }

    /** Once everything produced is committed. */
    private static void runAndKill(Settings settings, Runnable meanwhile) throws Exception {
        ChildJvm child = ChildJvm.start(
                PutNewerApplication.class,
                Path.of("target", "state", "put-newer-child.log"),
                List.of("-Xmx256m"),
                settings.arguments());
        child.awaitLine(PutNewerApplication.RUNNING);
        meanwhile.run();
        awaitCommitted(settings);
        child.kill();
    }

    private static void awaitCommitted(Settings settings) {
        Awaitility.await("everything committed")
                .atMost(PATIENCE)
                .until(() -> kafka.lag(settings.topic(), settings.applicationId()) == 0);
    }

    private static void produce(Settings settings, int version, String what) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            records.add(
                    new ProducerRecord<>(settings.topic(), bytes("k" + i), bytes(version + ":" + what + " of k" + i)));
        }
        kafka.produce(records);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void awaitEmitted(Settings settings, int keys, int times) {
        Awaitility.await("emitted").atMost(PATIENCE).until(() -> {
            Map<String, List<String>> output = output(settings);
            return output.size() == keys && output.values().stream().allMatch(records -> records.size() >= times);
        });
    }

    /** The records of each key: value and number of updates. */
    private static Map<String, List<String>> output(Settings settings) {
        Map<String, List<String>> output = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.consumeAll(settings.output())) {
            String updates =
                    text(record.headers().lastHeader(PutNewer.UPDATES_HEADER).value());
            output.computeIfAbsent(text(record.key()), key -> new ArrayList<>())
                    .add(text(record.value()) + " " + updates);
        }
        return output;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
