package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A target that needs several times {@code max.poll.interval.ms} for what is in the topic: the instance stays in its group, commits go
 * through, and the target gets everything once.
 */
class SlowTargetIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int RECORDS = 800;
    private static final int MAX_POLL_INTERVAL_MS = 3_000;
    private static final long CALL_MS = 150;

    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final List<KafkaStreams.State> states = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void doesNotCostTheInstanceItsPlace(String guarantee) {
        String topic = kafka.createTopic(kafka.uniqueName("slow"), 2);
        kafka.produce(IntStream.range(0, RECORDS)
                .mapToObj(i -> new ProducerRecord<>(topic, bytes("k" + i % 20), bytes("v" + i)))
                .toList());
        BatchWriter<String, String> writer = BatchWriter.<String, String>blocking("slow", this::write)
                .maxInFlight(2)
                .maxBatchRecords(5)
                .callTimeout(Duration.ofMillis(600))
                .deliveryTimeout(Duration.ofMillis(900))
                .commitTimeout(Duration.ofMillis(900))
                .build();
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.String(), Serdes.String())).process(writer);
        try (KafkaStreams streams = new KafkaStreams(builder.build(), config(topic, guarantee))) {
            streams.setStateListener((next, before) -> states.add(next));
            streams.start();
            Awaitility.await("everything written and committed")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> written.size() >= RECORDS && kafka.lag(topic, "app-" + topic) == 0);
            assertThat(states).as("states").containsExactly(KafkaStreams.State.REBALANCING, KafkaStreams.State.RUNNING);
        }
        assertThat(written).doesNotHaveDuplicates().hasSize(RECORDS);
        assertThat(writer.stats().abandoned()).isZero();
    }

    private void write(List<Record<String, String>> batch) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(CALL_MS, TimeUnit.MILLISECONDS);
        assertThat(never).isFalse();
        batch.forEach(record -> written.add(record.value()));
    }

    private static Properties config(String topic, String guarantee) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app-" + topic);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        config.put(
                StreamsConfig.STATE_DIR_CONFIG,
                Path.of("target", "state", topic).toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        config.put(StreamsConfig.consumerPrefix("max.poll.interval.ms"), MAX_POLL_INTERVAL_MS);
        return config;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
