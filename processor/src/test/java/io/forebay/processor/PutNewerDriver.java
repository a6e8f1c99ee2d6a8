package io.forebay.processor;

import io.forebay.store.LatestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;

/**
 * A {@link PutNewer} in a {@link TopologyTestDriver}, which commits after every input record. An input record has any number of
 * updates, one for each line, {@code key version timestamp value}; without a value it is a delete. The version is in a header.
 */
final class PutNewerDriver implements AutoCloseable {

    static final String STORE = "newest";
    static final String OUT = "out";
    static final String STALE = "stale";
    static final String VERSION = "v";

    private final TopologyTestDriver driver;
    private final TestInputTopic<String, String> input;
    private final TestOutputTopic<String, String> output;
    private final TestOutputTopic<String, String> stale;

    PutNewerDriver(PutNewer<String, String> step) {
        Topology topology = new Topology();
        topology.addSource("in", "in");
        topology.addProcessor("lines", Lines::new, "in");
        topology.addProcessor("newer", step, "lines");
        topology.addSink(OUT, "out", "newer");
        topology.addSink(STALE, "stale", "newer");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "put-newer-driver");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/put-newer-driver");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        driver = new TopologyTestDriver(topology, config);
        input = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
        output = driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
        stale = driver.createOutputTopic("stale", new StringDeserializer(), new StringDeserializer());
    }

    /** Processes these updates in a record with the timestamp of the first, and commits. */
    void process(String... lines) {
        input.pipeInput("any", String.join("\n", lines), Long.parseLong(lines[0].split(" ")[2]));
    }

    /** Lets wall-clock time pass. */
    void wait(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** What has come out since the last time: {@code key version updates value}, in the order of the keys. */
    List<String> emitted() {
        return output.readRecordsToList().stream()
                .map(record -> String.join(
                        " ",
                        record.key(),
                        header(record, PutNewer.VERSION_HEADER),
                        header(record, PutNewer.UPDATES_HEADER),
                        record.value() == null ? "deleted" : record.value()))
                .sorted()
                .toList();
    }

    List<TestRecord<String, String>> records() {
        return output.readRecordsToList();
    }

    /** What has come out as stale since the last time: {@code key version value}. */
    List<String> stale() {
        return stale.readRecordsToList().stream()
                .map(record -> String.join(
                        " ",
                        record.key(),
                        header(record, PutNewer.VERSION_HEADER),
                        record.value() == null ? "deleted" : record.value()))
                .toList();
    }

    static String header(TestRecord<String, String> record, String name) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(name)).value(), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    LatestStore<String, String> store() {
        return (LatestStore<String, String>) Objects.requireNonNull(driver.getStateStore(STORE));
    }

    TopologyTestDriver driver() {
        return driver;
    }

    @Override
    public void close() {
        driver.close();
    }

    /** Makes an update of each line. */
    private static final class Lines extends ContextualProcessor<String, String, String, String> {

        @Override
        public void process(Record<String, String> record) {
            for (String line : record.value().split("\n")) {
                String[] words = line.split(" ", 4);
                String key = words[0].equals("null") ? null : words[0];
                String value = words.length < 4 ? null : words[3];
                RecordHeaders headers = new RecordHeaders();
                headers.add(VERSION, words[1].getBytes(StandardCharsets.UTF_8));
                context().forward(new Record<>(key, value, Long.parseLong(words[2]), headers));
            }
        }
    }
}
