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
import org.apache.kafka.streams.kstream.Produced;
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

    private static TopologyTestDriver driver() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .flatMapValues(line -> List.of(line.split(" ")))
                .process(new Supplier())
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
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

    private static final class Supplier implements ProcessorSupplier<String, String, String, String> {

        @Override
        public Processor<String, String, String, String> get() {
            return new Buffering();
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(CommitHook.builder("hook"));
        }
    }

    private record Buffered(Record<String, String> record, ForwardScope.Origin origin) {}

    private static final class Buffering implements Processor<String, String, String, String> {

        private final List<Buffered> buffer = new ArrayList<>();
        private @Nullable ProcessorContext<String, String> context;
        private @Nullable ForwardScope scope;
        private Runnable undo = () -> {};
        private boolean refusing;

        @Override
        public void init(ProcessorContext<String, String> newContext) {
            context = newContext;
            scope = ForwardScope.of(newContext);
            undo = newContext.<CommitHook>getStateStore("hook").beforeCommit(this::drain);
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
