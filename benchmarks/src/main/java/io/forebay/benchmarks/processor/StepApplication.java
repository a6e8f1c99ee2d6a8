package io.forebay.benchmarks.processor;

import io.forebay.benchmarks.cases.CaseArguments;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** A Kafka Streams application with one StreamThread; everything is left at its default, but for static membership. */
final class StepApplication implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaStreams streams;
    private final CompletableFuture<Void> running = new CompletableFuture<>();

    /** @param id tells it from others of this broker */
    StepApplication(Topology topology, CaseArguments args, String id) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args.get("bootstrap"));
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, args.get("guarantee"));
        config.put(StreamsConfig.STATE_DIR_CONFIG, args.get("directory"));
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
        streams = new KafkaStreams(topology, config);
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.RUNNING) {
                running.complete(null);
            }
            CaseArguments.endIfFailed(state);
        });
        streams.start();
    }

    KafkaStreams awaitRunning() throws Exception {
        running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return streams;
    }

    @Override
    public void close() {
        if (!streams.close(PATIENCE)) {
            throw new IllegalStateException("the application did not close within " + PATIENCE);
        }
    }
}
