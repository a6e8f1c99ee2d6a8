package io.forebay.processor;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventStore;
import io.forebay.store.EventStores;
import io.forebay.store.TraceEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * An indexer between topics of a {@link TopologyTestDriver}, which commits after every record. It has a sibling that adds a header to the
 * records that both of them get.
 */
final class IndexerDriver implements AutoCloseable {

    static final Serde<Event> SERDE = AvroSerdes.specific(Event.class).build();
    static final String STORE = "events";

    private final EventIndexer<String, Event> indexer;
    private final TopologyTestDriver driver;
    private boolean closed;
    private final TestInputTopic<String, Event> input;
    private final TestOutputTopic<String, Event> output;

    IndexerDriver(UnaryOperator<EventIndexer.Builder<String, Event>> options) {
        this(options.apply(EventIndexer.builder(EventStores.builder(STORE, TraceEvents.definition(SERDE))))
                .build());
    }

    IndexerDriver(EventIndexer<String, Event> indexer) {
        this.indexer = indexer;
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Event> events = builder.stream("in", Consumed.with(Serdes.String(), SERDE))
                .merge(builder.stream("many", Consumed.with(Serdes.String(), Serdes.String()))
                        .flatMapValues(ids -> Arrays.stream(ids.split(" "))
                                .map(IndexerDriver::event)
                                .toList()));
        events.process(indexer).to("out", Produced.with(Serdes.String(), SERDE));
        events.process(Marking::new);
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "indexer-driver");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/indexer-driver");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        driver = new TopologyTestDriver(builder.build(), config);
        input = driver.createInputTopic("in", new StringSerializer(), SERDE.serializer());
        output = driver.createOutputTopic("out", new StringDeserializer(), SERDE.deserializer());
    }

    static Event event(String id) {
        return Event.newBuilder()
                .setId(id)
                .setTimestamp(Instant.parse("2026-01-02T03:04:05.000000006Z"))
                .setProcess("main#1")
                .setType("test")
                .setAttributes(Map.of())
                .build();
    }

    EventIndexer<String, Event> indexer() {
        return indexer;
    }

    TestInputTopic<String, Event> input() {
        return input;
    }

    /** Each word becomes an event of its own, all of them before the commit. */
    void pipeTogether(String ids) {
        driver.createInputTopic("many", new StringSerializer(), new StringSerializer())
                .pipeInput("key", ids);
    }

    /** Lets wall-clock time pass. */
    void wait(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** The value of one of the processor's metrics. */
    double metric(String name) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(ProcessorMetrics.GROUP)
                        && metric.getKey().name().equals(name))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    TestOutputTopic<String, Event> output() {
        return output;
    }

    @SuppressWarnings("unchecked")
    EventStore<Event> store() {
        return (EventStore<Event>) Objects.requireNonNull(driver.getStateStore(STORE));
    }

    /** Closing twice does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            driver.close();
        }
    }

    private static final class Marking implements Processor<String, Event, Void, Void> {

        @Override
        public void process(Record<String, Event> record) {
            record.headers().add("mark", new byte[] {1});
        }
    }
}
