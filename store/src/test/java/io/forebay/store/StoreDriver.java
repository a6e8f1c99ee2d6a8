package io.forebay.store;

import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** A store in a {@link TopologyTestDriver}: runs actions on it as the processing of one record, then commits. */
final class StoreDriver implements AutoCloseable {

    static final String STORE = "samples";

    private final TopologyTestDriver driver;
    private final TestInputTopic<String, String> input;
    private @Nullable Consumer<EventStore<Sample>> action;

    StoreDriver(EventStoreBuilder<Sample> builder, String guarantee) {
        Topology topology = new Topology();
        topology.addSource("in", "in");
        topology.addProcessor("step", Step::new, "in");
        topology.addStateStore(builder, "step");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "store-driver");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/store-driver");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        driver = new TopologyTestDriver(topology, config);
        input = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
    }

    static StoreDriver of(EventDefinition<Sample> definition) {
        return new StoreDriver(EventStores.builder(STORE, definition), StreamsConfig.EXACTLY_ONCE_V2);
    }

    /** Runs the action within one transaction. */
    void transaction(Consumer<EventStore<Sample>> newAction) {
        action = newAction;
        input.pipeInput("key", "value");
    }

    @SuppressWarnings("unchecked")
    EventStore<Sample> store() {
        return (EventStore<Sample>) Objects.requireNonNull(driver.getStateStore(STORE));
    }

    TopologyTestDriver driver() {
        return driver;
    }

    /** Also makes sure that nobody has forgotten to close an iterator. */
    @Override
    public void close() {
        int openIterators = openIterators();
        driver.close();
        if (openIterators > 0) {
            throw new AssertionError(openIterators + " iterator(s) were not closed; the log says where they come from");
        }
    }

    /** How many iterators have not been closed; none if the store itself is. */
    int openIterators() {
        return ((QueriedEventStore<Sample>) store()).openIterators();
    }

    private final class Step implements Processor<String, String, Void, Void> {

        private @Nullable EventStore<Sample> store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, String> record) {
            Objects.requireNonNull(action).accept(Objects.requireNonNull(store));
        }
    }
}
