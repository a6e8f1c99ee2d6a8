package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.store.internal.streams.CommitHook;
import io.forebay.store.internal.streams.ForwardScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A processor without a store that forwards only before commits, and does with what is behind "fail" what its name says. */
class CommitHookTest {

    private static final String FAIL = "fail";
    private static final String REFUSE = "refuse";

    @Test
    void forwardsBeforeACommitInTheNameOfTheRecordThatCameThen() {
        try (TopologyTestDriver driver = driver()) {
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                    .pipeInput("key", "a b", 17);
            assertThat(driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                            .readRecordsToList())
                    .extracting(record -> record.value() + "@" + record.timestamp())
                    .containsExactly("A@17", "B@17");
            assertThat(driver.getAllStateStores()).containsKey("hook");
        }
    }

    @Test
    void tellsTheHandlerOfARecordThatFailsLater() {
        try (TopologyTestDriver driver = driver()) {
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                    .pipeInput("key", "a " + REFUSE + " b", 17);
            assertThat(driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                            .readValuesToList())
                    .containsExactly("A", "B");
            assertThat(driver.createOutputTopic("dead", new StringDeserializer(), new StringDeserializer())
                            .readRecordsToList())
                    .singleElement()
                    .satisfies(dead -> {
                        assertThat(dead.value()).as("the raw record").isEqualTo("a " + REFUSE + " b");
                        assertThat(dead.headers()
                                        .lastHeader("__streams.errors.offset")
                                        .value())
                                .asString()
                                .isEqualTo("0");
                        assertThat(dead.headers()
                                        .lastHeader("__streams.errors.exception")
                                        .value())
                                .asString()
                                .isEqualTo(UnsupportedOperationException.class.getName());
                    });
        }
    }

    @Test
    void failsTheCommitWhateverTheHandlerSays() {
        try (TopologyTestDriver driver = driver()) {
            assertThatThrownBy(() -> driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                            .pipeInput("key", FAIL))
                    .rootCause()
                    .hasMessage("told to fail");
        }
    }

    /** Five in a row on two stores that have their turns one after the other, once for each commit. */
    @Test
    void aCommitEmptiesBuffersBehindOneAnotherThatShareStores() {
        StreamsBuilder builder = new StreamsBuilder();
        lines(builder)
                .process(new Supplier("one"))
                .process(new Supplier("two"))
                .process(new Supplier("one"))
                .process(new Supplier("two"))
                .process(new Supplier("one"))
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        try (TopologyTestDriver driver = driver(builder)) {
            assertThat(output(driver, "a b")).containsExactly("A", "B");
        }
    }

    /** The buffer has its turn before Kafka Streams' own cache, which forwards into it. */
    @Test
    void aCommitEmptiesABufferBehindACacheWhenItsStoreIsReadFurtherUp() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(CommitHook.builder("last"));
        lines(builder)
                .processValues(Reading::new, "last")
                .groupByKey()
                .count()
                .toStream()
                .mapValues(count -> count + " lines")
                .process(new Supplier("last"))
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        try (TopologyTestDriver driver = driver(builder)) {
            assertThat(output(driver, "a b")).containsExactly("2 LINES");
        }
    }

    private static List<String> output(TopologyTestDriver driver, String line) {
        driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                .pipeInput("key", line);
        return driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                .readValuesToList();
    }

    private static KStream<String, String> lines(StreamsBuilder builder) {
        return builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .flatMapValues(line -> List.of(line.split(" ")));
    }

    private static TopologyTestDriver driver() {
        StreamsBuilder builder = new StreamsBuilder();
        lines(builder).process(new Supplier("hook")).to("out", Produced.with(Serdes.String(), Serdes.String()));
        return driver(builder);
    }

    private static TopologyTestDriver driver(StreamsBuilder builder) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "commit-hook");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/commit-hook");
        config.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        config.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, "dead");
        return new TopologyTestDriver(builder.build(), config);
    }

    private record Supplier(String hook) implements ProcessorSupplier<String, String, String, String> {

        @Override
        public Processor<String, String, String, String> get() {
            return new Buffering(hook);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(CommitHook.builder(hook));
        }
    }

    /** Passes on, and may look at stores. */
    private static final class Reading extends ContextualFixedKeyProcessor<String, String, String> {

        @Override
        public void process(FixedKeyRecord<String, String> record) {
            context().forward(record);
        }
    }

    private record Buffered(Record<String, String> record, ForwardScope.Origin origin) {}

    private static final class Buffering implements Processor<String, String, String, String> {

        private final String hook;
        private final List<Buffered> buffer = new ArrayList<>();
        private @Nullable ProcessorContext<String, String> context;
        private @Nullable ForwardScope scope;
        private Runnable undo = () -> {};
        private boolean refusing;

        Buffering(String hook) {
            this.hook = hook;
        }

        @Override
        public void init(ProcessorContext<String, String> newContext) {
            context = newContext;
            scope = ForwardScope.of(newContext);
            undo = newContext.<CommitHook>getStateStore(hook).beforeCommit(this::drain);
        }

        @Override
        public void process(Record<String, String> record) {
            if (refusing) {
                throw new UnsupportedOperationException("told to refuse");
            }
            buffer.add(new Buffered(record, Objects.requireNonNull(scope).origin()));
        }

        private void drain() {
            try (ForwardScope.Scope entered = Objects.requireNonNull(scope).enter()) {
                for (Buffered buffered : buffer) {
                    entered.from(buffered.origin());
                    forward(buffered.record(), entered);
                }
            }
            buffer.clear();
        }

        private void forward(Record<String, String> record, ForwardScope.Scope entered) {
            switch (record.value()) {
                case FAIL -> throw Objects.requireNonNull(scope).failure(new IllegalStateException("told to fail"));
                case REFUSE -> {
                    refusing = true;
                    entered.process(record);
                    refusing = false;
                }
                default ->
                    Objects.requireNonNull(context)
                            .forward(record.withValue(record.value().toUpperCase(Locale.ROOT)));
            }
        }

        @Override
        public void close() {
            undo.run();
        }
    }
}
