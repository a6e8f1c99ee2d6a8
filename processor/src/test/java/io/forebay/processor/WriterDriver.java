package io.forebay.processor;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
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
 * A writer between two topics of a {@link TopologyTestDriver}, which commits after every record; each word of a value becomes
 * a record of its own, all of them before the commit. Beside the writer there is a step that changes the headers of records in place.
 */
final class WriterDriver implements AutoCloseable {

    static final String DEAD_LETTERS = "dead";

    private final TopologyTestDriver driver;

    WriterDriver(BatchWriter<String, String> writer, Map<String, String> changes) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> words = builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .flatMapValues(line -> List.of(line.split(" ")));
        words.process(writer).to("out", Produced.with(Serdes.String(), Serdes.String()));
        words.process(() -> new Mark());
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "writer-driver");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/writer-driver");
        config.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        config.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, DEAD_LETTERS);
        config.putAll(changes);
        driver = new TopologyTestDriver(builder.build(), config);
    }

    private static final class Mark implements Processor<String, String, Void, Void> {
        @Override
        public void process(Record<String, String> record) {
            record.headers().add("mark", new byte[] {1});
        }
    }

    TestInputTopic<String, String> input() {
        return driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
    }

    TestOutputTopic<String, String> output() {
        return output("out");
    }

    TestOutputTopic<String, String> output(String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer());
    }

    Map<MetricName, ? extends Metric> metrics() {
        return driver.metrics();
    }

    @Override
    public void close() {
        driver.close();
    }
}
