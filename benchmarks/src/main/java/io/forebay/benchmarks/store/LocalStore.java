package io.forebay.benchmarks.store;

import static io.forebay.benchmarks.store.IngestTopology.STORE;

import io.forebay.store.EventStore;
import io.forebay.store.EventStores;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * An event store in a task of Kafka Streams without a broker: each transaction is the processing of one record, after which the
 * task commits. So what the driver costs counts per transaction and not per event. The changelog is on: events are
 * serialised and handed to a producer, which keeps them.
 */
final class LocalStore implements AutoCloseable {

    /** What comes together in 100 ms, the commit interval under exactly-once. */
    static final int TRANSACTION = 20_000;

    private static final byte[] NOTHING = {};

    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> input;
    private final Path directory;
    private Consumer<EventStore<SampleEvent>> action = store -> {};

    LocalStore(Path stateDir, String id) {
        Topology topology = new Topology();
        topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "in");
        topology.addProcessor("step", Step::new, "in");
        topology.addStateStore(EventStores.builder(STORE, SampleEvents.definition()), "step");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(topology, config);
        input = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
        directory = stateDir.resolve(id).resolve("0_0").resolve("forebay").resolve(STORE);
    }

    /** Puts all events, and commits until they are in RocksDB. */
    void fill(SampleEvents events) {
        for (int from = 0; from < events.count(); from += TRANSACTION) {
            int first = from;
            int end = Math.min(events.count(), from + TRANSACTION);
            transaction(store -> {
                for (int number = first; number < end; number++) {
                    store.put(events.get(number));
                }
            });
        }
        settle();
    }

    /** Runs the action, then commits. */
    void transaction(Consumer<EventStore<SampleEvent>> newAction) {
        action = newAction;
        input.pipeInput(NOTHING, NOTHING);
    }

    /** Waits until RocksDB has everything. */
    void settle() {
        transaction(store -> {});
        while (store().stats().uncommitted() > 0) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("unchecked")
    EventStore<SampleEvent> store() {
        return (EventStore<SampleEvent>) Objects.requireNonNull(driver.getStateStore(STORE));
    }

    /** Where its RocksDB database is, until it is closed. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        driver.close();
    }

    private final class Step implements Processor<byte[], byte[], Void, Void> {

        private @Nullable EventStore<SampleEvent> store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            action.accept(Objects.requireNonNull(store));
        }
    }
}
