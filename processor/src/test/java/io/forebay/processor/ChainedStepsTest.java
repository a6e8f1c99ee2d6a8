package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.EventDefinition;
import io.forebay.store.EventStoreBuilder;
import io.forebay.store.EventStores;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStoreBuilder;
import io.forebay.store.LatestStores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Steps behind one another: what a commit has one of them forward is, with that commit, in the changelog of the next. The store of the next
 * may be read by a step before both, and then has its turn before the first.
 */
class ChainedStepsTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private final StreamsBuilder builder = new StreamsBuilder();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void putNewerBehindAnIndexer(boolean readUpstream) {
        LatestStoreBuilder<String, String> newest =
                LatestStores.builder("newest", LatestDefinition.of(Serdes.String(), Serdes.String()));
        input(newest, readUpstream).process(indexer(events())).process(putNewer(newest));
        assertThat(loggedWithTheCommit("newest")).containsExactly("k");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIndexerBehindABatchWriter(boolean readUpstream) {
        EventStoreBuilder<String> events = events();
        input(events, readUpstream)
                .process(BatchWriter.<String, String>blocking("writer", batch -> {})
                        .linger(NEVER)
                        .build())
                .process(indexer(events));
        assertThat(loggedWithTheCommit("events")).containsExactly("event");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIndexerBehindPutNewerWithoutStore(boolean readUpstream) {
        EventStoreBuilder<String> events = events();
        input(events, readUpstream)
                .process(PutNewer.withoutStore("window", VersionSource.<String, String>timestamp())
                        .flushInterval(NEVER, PunctuationType.WALL_CLOCK_TIME)
                        .build())
                .process(indexer(events));
        assertThat(loggedWithTheCommit("events")).containsExactly("event");
    }

    private KStream<String, String> input(StoreBuilder<?> store, boolean read) {
        KStream<String, String> input = builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()));
        if (!read) {
            return input;
        }
        builder.addStateStore(store);
        return input.process(Reading::new, store.name());
    }

    private static EventStoreBuilder<String> events() {
        return EventStores.builder(
                "events",
                EventDefinition.builder(Serdes.String())
                        .id(text -> text)
                        .timestamp(text -> Instant.EPOCH)
                        .build());
    }

    private static EventIndexer<String, String> indexer(EventStoreBuilder<String> events) {
        return EventIndexer.<String, String>builder(events)
                .flushInterval(NEVER, PunctuationType.WALL_CLOCK_TIME)
                .build();
    }

    private static PutNewer<String, String> putNewer(LatestStoreBuilder<String, String> newest) {
        return PutNewer.builder(newest, VersionSource.<String, String>timestamp())
                .flushInterval(NEVER, PunctuationType.WALL_CLOCK_TIME)
                .build();
    }

    /** The keys in the changelog of this store, after one record has been processed and committed. */
    private List<String> loggedWithTheCommit(String store) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "chained");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/chained-steps");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), config)) {
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                    .pipeInput("k", "event");
            return driver
                    .createOutputTopic(
                            "chained-" + store + "-changelog", new StringDeserializer(), new StringDeserializer())
                    .readRecordsToList()
                    .stream()
                    .map(record -> record.key())
                    .toList();
        }
    }

    /** Passes on, and may look at stores. */
    private static final class Reading extends ContextualProcessor<String, String, String, String> {

        @Override
        public void process(Record<String, String> record) {
            context().forward(record);
        }
    }
}
