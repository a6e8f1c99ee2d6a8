package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.internal.streams.ForwardScope;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store between two steps that put into it. What a commit has the second one put is part of that commit, although the store has its turn before that. */
class CommitOrderTest {

    @TempDir
    File directory;

    @Test
    void behindACacheOfKafkaStreams() {
        assertThat(loggedWithTheCommit(counting())).containsExactlyInAnyOrder("before-a", "behind-a");
    }

    @Test
    void behindABufferThatIsEmptiedBeforeCommits() {
        Topology topology = new Topology();
        topology.addSource("in", new StringDeserializer(), new StringDeserializer(), "in");
        topology.addProcessor("before", () -> new PutAll("before-"), "in");
        topology.addProcessor("buffer", Buffer::new, "before");
        topology.addProcessor("behind", () -> new PutAll("behind-"), "buffer");
        topology.addStateStore(EventStores.builder("samples", Sample.definition()), "before", "behind");
        topology.addStateStore(EventStores.builder("other", Sample.definition()), "buffer");
        assertThat(loggedWithTheCommit(topology)).containsExactlyInAnyOrder("before-a", "behind-a");
    }

    /** Puts an event for each record, and another for each count of its key, which is cached. */
    private static Topology counting() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(EventStores.builder("samples", Sample.definition()));
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .processValues(() -> new PutValues<String>("before-"), "samples")
                .groupByKey()
                .count()
                .toStream()
                .processValues(() -> new PutValues<Long>("behind-"), "samples");
        return builder.build();
    }

    private List<String> loggedWithTheCommit(Topology topology) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "order");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.getPath());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        try (TopologyTestDriver driver = new TopologyTestDriver(topology, config)) {
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                    .pipeInput("a", "any");
            return driver
                    .createOutputTopic("order-samples-changelog", new StringDeserializer(), new ByteArrayDeserializer())
                    .readKeyValuesToList()
                    .stream()
                    .map(record -> record.key)
                    .toList();
        }
    }

    private static final class PutValues<V> extends ContextualFixedKeyProcessor<String, V, V> {

        private final String prefix;

        PutValues(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public void process(FixedKeyRecord<String, V> record) {
            EventStore<Sample> samples = context().getStateStore("samples");
            samples.put(Sample.of(prefix + record.key(), 1));
            context().forward(record);
        }
    }

    private static final class PutAll extends ContextualProcessor<String, String, String, String> {

        private final String prefix;

        PutAll(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public void process(Record<String, String> record) {
            EventStore<Sample> samples = context().getStateStore("samples");
            samples.put(Sample.of(prefix + record.key(), 1));
            context().forward(record);
        }
    }

    /** Forwards before commits alone. */
    private static final class Buffer extends ContextualProcessor<String, String, String, String> {

        private final List<Record<String, String>> kept = new ArrayList<>();

        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            ForwardScope scope = ForwardScope.of(context);
            EventStore<Sample> other = context.getStateStore("other");
            other.beforeCommit(() -> {
                try (ForwardScope.Scope entered = scope.enter()) {
                    kept.forEach(context()::forward);
                }
                kept.clear();
            });
        }

        @Override
        public void process(Record<String, String> record) {
            kept.add(record);
        }
    }
}
