package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.ConnectedStoreProvider;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in which a topology may use a store: brought along or shared, from records and punctuations, logged or not. */
class EventStoreUsageTest {

    private static final String STORE = "samples";
    private static final String CHANGELOG = "usage-" + STORE + "-changelog";

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void isBroughtAlongByAStepOfTheDsl(String guarantee, boolean logged) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .processValues(new CountingSupplier(logged))
                .to("out", Produced.with(Serdes.String(), Serdes.Long()));
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), config(guarantee))) {
            TestInputTopic<String, String> in =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            TestOutputTopic<String, Long> out =
                    driver.createOutputTopic("out", new StringDeserializer(), new LongDeserializer());
            in.pipeInput("a", "p1");
            in.pipeInput("b", "p1");
            in.pipeInput("c", "p2");
            assertThat(out.readValuesToList()).containsExactly(1L, 2L, 1L);
            assertThat(driver.producedTopicNames()).isEqualTo(logged ? Set.of("out", CHANGELOG) : Set.of("out"));
            EventStore<Sample> store = Objects.requireNonNull(store(driver));
            assertThat(store.query(EventQuery.<Sample>all().equal("process", "p1"))
                            .events())
                    .extracting(Sample::id)
                    .containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void isSharedByTheProcessorsOfATopology(String guarantee, boolean logged) {
        Topology topology = new Topology();
        topology.addSource("in", new StringDeserializer(), new StringDeserializer(), "in");
        topology.addProcessor("put", () -> new Putter(), "in");
        topology.addProcessor("sweep", () -> new Sweeper(), "put");
        topology.addStateStore(builder(logged), "put", "sweep");
        try (TopologyTestDriver driver = new TopologyTestDriver(topology, config(guarantee))) {
            TestInputTopic<String, String> in =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            in.pipeInput("a", "p1");
            in.pipeInput("b", "p2");
            assertThat(stored(driver)).containsExactly("a", "b");
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(stored(driver)).containsExactly("b");
            in.pipeInput("c", "p2");
            assertThat(stored(driver)).containsExactly("b", "c");
        }
    }

    private static List<String> stored(TopologyTestDriver driver) {
        return Objects.requireNonNull(store(driver)).query(EventQuery.all()).events().stream()
                .map(Sample::id)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static @Nullable EventStore<Sample> store(TopologyTestDriver driver) {
        return (EventStore<Sample>) driver.getStateStore(STORE);
    }

    private static EventStoreBuilder<Sample> builder(boolean logged) {
        EventStoreBuilder<Sample> builder = EventStores.builder(STORE, Sample.definition());
        return logged ? builder : builder.withLoggingDisabled();
    }

    private static Properties config(String guarantee) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "usage");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/store-usage");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        return config;
    }

    private static Sample sample(String id, String process) {
        return Sample.of(id, id.charAt(0)).withProcess(process);
    }

    /** Puts, and forwards how many events of the process there are by now. */
    private record CountingSupplier(boolean logged)
            implements FixedKeyProcessorSupplier<String, String, Long>, ConnectedStoreProvider {

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(builder(logged));
        }

        @Override
        public FixedKeyProcessor<String, String, Long> get() {
            return new FixedKeyProcessor<>() {

                private @Nullable FixedKeyProcessorContext<String, Long> context;

                @Override
                public void init(FixedKeyProcessorContext<String, Long> newContext) {
                    context = newContext;
                }

                @Override
                public void process(FixedKeyRecord<String, String> record) {
                    FixedKeyProcessorContext<String, Long> current = Objects.requireNonNull(context);
                    EventStore<Sample> store = current.getStateStore(STORE);
                    store.put(sample(record.key(), record.value()));
                    long count = store.query(EventQuery.<Sample>all().equal("process", record.value()))
                            .events()
                            .size();
                    current.forward(record.withValue(count));
                }
            };
        }
    }

    private static final class Putter implements Processor<String, String, String, String> {

        private @Nullable ProcessorContext<String, String> context;

        @Override
        public void init(ProcessorContext<String, String> newContext) {
            context = newContext;
        }

        @Override
        public void process(Record<String, String> record) {
            ProcessorContext<String, String> current = Objects.requireNonNull(context);
            EventStore<Sample> store = current.getStateStore(STORE);
            store.put(sample(record.key(), record.value()));
            current.forward(record);
        }
    }

    /** Deletes what process p1 has left, every second. */
    private static final class Sweeper implements Processor<String, String, Void, Void> {

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            EventStore<Sample> store = context.getStateStore(STORE);
            context.schedule(
                    Duration.ofSeconds(1),
                    PunctuationType.WALL_CLOCK_TIME,
                    now -> store.query(EventQuery.<Sample>all().equal("process", "p1"))
                            .events()
                            .forEach(sample -> store.delete(sample.id())));
        }

        @Override
        public void process(Record<String, String> record) {}
    }
}
