package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.serdes.event.Event;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStores;
import io.forebay.store.TraceEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class EventIndexerTest {

    private static final UnaryOperator<EventIndexer.Builder<String, Event>> DEFAULTS = options -> options;

    @Test
    void isDrainedBeforeACommitWithoutAnyPunctuation() {
        try (IndexerDriver driver = new IndexerDriver(
                options -> options.flushInterval(Duration.ofDays(1), PunctuationType.WALL_CLOCK_TIME))) {
            driver.input().pipeInput("key", IndexerDriver.event("a"));
            assertThat(driver.store().get("a")).contains(IndexerDriver.event("a"));
            assertThat(driver.store()
                            .query(EventQuery.<Event>all().equal("process", "main#1"))
                            .events())
                    .containsExactly(IndexerDriver.event("a"));
        }
    }

    @Test
    void forwardsEachEventAsItCame() {
        try (IndexerDriver driver = new IndexerDriver(DEFAULTS)) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("trace", "t1".getBytes(StandardCharsets.UTF_8));
            driver.input().pipeInput(new TestRecord<>("key", IndexerDriver.event("a"), headers, 123L));
            TestRecord<String, Event> forwarded = driver.output().readRecord();
            assertThat(forwarded.key()).isEqualTo("key");
            assertThat(forwarded.value()).isEqualTo(IndexerDriver.event("a"));
            assertThat(forwarded.timestamp()).isEqualTo(123L);
            assertThat(forwarded.headers().lastHeader("trace").value())
                    .asString()
                    .isEqualTo("t1");
        }
    }

    @Test
    void forwardsNothingWhenToldSo() {
        try (IndexerDriver driver = new IndexerDriver(options -> options.forward(false))) {
            driver.input().pipeInput("key", IndexerDriver.event("a"));
            assertThat(driver.store().contains("a")).isTrue();
            assertThat(driver.output().isEmpty()).isTrue();
        }
    }

    @Test
    void skipsRecordsWithoutAValueAndReportsThoseTheStoreRefuses() {
        try (IndexerDriver driver = new IndexerDriver(DEFAULTS)) {
            driver.input().pipeInput("key", null);
            driver.input().pipeInput("key", IndexerDriver.event(""));
            driver.input().pipeInput("key", IndexerDriver.event("b"));
            assertThat(driver.output().readValuesToList())
                    .extracting(Event::getId)
                    .containsExactly("b");
            assertThat(driver.indexer().stats().skipped()).isEqualTo(1);
            assertThat(driver.indexer().stats().indexed()).isEqualTo(1);
        }
    }

    @Test
    void replacesAnEventOfTheSameId() {
        try (IndexerDriver driver = new IndexerDriver(DEFAULTS)) {
            Event replacement = IndexerDriver.event("a");
            replacement.setProcess("other#2");
            driver.input().pipeValueList(List.of(IndexerDriver.event("a"), replacement));
            assertThat(driver.store().stats().total()).isEqualTo(1);
            assertThat(driver.store()
                            .query(EventQuery.<Event>all().equal("process", "main#1"))
                            .events())
                    .isEmpty();
            assertThat(driver.store()
                            .query(EventQuery.<Event>all().equal("process", "other#2"))
                            .events())
                    .containsExactly(replacement);
        }
    }

    @Test
    void refusesContradictoryOptions() {
        EventIndexer.Builder<String, Event> builder =
                EventIndexer.builder(EventStores.builder("events", TraceEvents.definition(IndexerDriver.SERDE)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.stageCapacity(1_000).build())
                .withMessageContaining("stageCapacity=1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        builder.stageCapacity(1_024).maxBufferedEvents(100).build())
                .withMessageContainingAll("stageCapacity=1024", "maxBufferedEvents=100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.flushInterval(Duration.ZERO, PunctuationType.STREAM_TIME))
                .withMessageContaining("flushInterval=PT0S");
    }
}
