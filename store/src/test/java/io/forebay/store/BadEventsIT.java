package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the application says that it goes on after a bad record, events that the store refuses are skipped, and no others. */
@Tag("slow")
class BadEventsIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final String STORE = "samples";
    private static final int EVENTS = 500;
    private static final EventDefinition<Sample> DEFINITION = Sample.definition(EventIndex.ofLong("size", sample -> {
        if ("explode".equals(sample.process())) {
            throw new IllegalStateException("kaboom");
        }
        return sample.size();
    }));

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void badEventsAreSkippedAndGoodOnesStored(String guarantee) {
        String topic = kafka.createTopic(kafka.uniqueName("bad"), 1);
        List<Sample> good = new ArrayList<>();
        List<Sample> all = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            Sample sample = Sample.of("id" + i, i);
            good.add(sample);
            all.add(sample);
            all.add(bad(i));
        }
        kafka.produce(all.stream()
                .map(sample -> new ProducerRecord<>(
                        topic,
                        sample.id().getBytes(StandardCharsets.UTF_8),
                        Sample.serde().serializer().serialize(topic, sample)))
                .toList());
        for (int start = 0; start < 2; start++) {
            try (KafkaStreams streams = new KafkaStreams(topology(topic), config(topic, guarantee))) {
                streams.start();
                awaitProcessed(topic);
                assertThat(stored(streams)).as("start %d", start).isEqualTo(good);
            }
        }
    }

    private static Sample bad(int number) {
        String id = "bad" + number;
        return switch (number % 4) {
            case 0 -> Sample.of("", number);
            case 1 -> Sample.of(id, number).withProcess("explode");
            case 2 -> Sample.of(id, number).withProcess("x".repeat(2_000)); // more than maxEventBytes
            default -> Sample.of(id, Long.MAX_VALUE);
        };
    }

    private static List<Sample> stored(KafkaStreams streams) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return streams.store(StoreQueryParameters.fromNameAndType(STORE, EventStores.queryableType(DEFINITION)))
                        .query(EventQuery.<Sample>all().limit(10 * EVENTS))
                        .events();
            } catch (InvalidStateStoreException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static void awaitProcessed(String topic) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (kafka.lag(topic, topic) > 0) {
            assertThat(System.nanoTime() - deadline)
                    .as("records still unprocessed")
                    .isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static Topology topology(String topic) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(EventStores.builder(STORE, DEFINITION));
        builder.stream(topic, Consumed.with(Serdes.String(), Sample.serde())).process(Put::new, STORE);
        return builder.build();
    }

    private static Properties config(String topic, String guarantee) {
        ApplicationSettings settings =
                ApplicationSettings.of(kafka.bootstrapServers(), topic, guarantee, Path.of("target", "state", topic));
        Properties config = settings.toProperties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, topic);
        config.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        return config;
    }

    private static final class Put extends ContextualProcessor<String, Sample, Void, Void> {

        @Override
        public void process(Record<String, Sample> record) {
            EventStore<Sample> store = context().getStateStore(STORE);
            store.put(record.value());
        }
    }
}
