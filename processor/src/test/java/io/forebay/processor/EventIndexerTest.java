package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStores;
import io.forebay.store.LiveTail;
import io.forebay.store.TraceEvents;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
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
            assertThat(forwarded.headers().toArray())
                    .as("not what others have done to the record meanwhile")
                    .singleElement()
                    .satisfies(header -> {
                        assertThat(header.key()).isEqualTo("trace");
                        assertThat(header.value()).asString().isEqualTo("t1");
                    });
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
    void drainsTheStageWhenItIsFullAndLosesNothing() {
        try (IndexerDriver driver = new IndexerDriver(options -> options.stageCapacity(4))) {
            driver.pipeTogether(ids(100));
            assertThat(forwarded(driver)).containsExactly(ids(100).split(" "));
            assertThat(driver.indexer().stats()).isEqualTo(new EventIndexerStats(100, 0, 0, 0, 1));
        }
    }

    @Test
    void shedsTheNewestWhenToldSo() {
        try (IndexerDriver driver =
                new IndexerDriver(options -> options.stageCapacity(4).overflow(OverflowStrategy.DROP_NEWEST))) {
            driver.pipeTogether(ids(10));
            assertThat(forwarded(driver)).containsExactly("e0", "e1", "e2", "e3");
            assertThat(driver.indexer().stats().dropped()).isEqualTo(6);
            assertThat(driver.metric("dropped-records-total")).isEqualTo(6);
            driver.pipeTogether("later");
            assertThat(forwarded(driver)).containsExactly("later");
        }
    }

    @Test
    void shedsTheOldestWhenToldSo() {
        try (IndexerDriver driver =
                new IndexerDriver(options -> options.stageCapacity(4).overflow(OverflowStrategy.DROP_OLDEST))) {
            driver.pipeTogether(ids(10));
            assertThat(forwarded(driver)).containsExactly("e6", "e7", "e8", "e9");
            assertThat(driver.indexer().stats().dropped()).isEqualTo(6);
            driver.pipeTogether("later");
            assertThat(forwarded(driver)).containsExactly("later");
            assertThat(driver.metric("buffered-records")).isZero();
            assertThat(driver.metric("buffered-bytes")).isZero();
        }
    }

    @Test
    void flushesAtANumberOfEventsAndBytes() {
        try (IndexerDriver driver =
                new IndexerDriver(options -> options.stageCapacity(2).maxBufferedEvents(10))) {
            driver.pipeTogether(ids(25));
            assertThat(driver.indexer().stats().flushes())
                    .as("10, 20 and the commit")
                    .isEqualTo(3);
        }
        try (IndexerDriver driver = new IndexerDriver(options -> options.maxBufferedBytes(1))) {
            driver.pipeTogether(ids(3));
            assertThat(driver.indexer().stats().flushes()).isEqualTo(3);
        }
    }

    @Test
    void countsEventsThatAreTooLateAndDoesNotForwardThem() {
        try (IndexerDriver driver = new IndexerDriver(DEFAULTS)) {
            driver.pipeTogether("a");
            driver.store().deleteBefore(IndexerDriver.event("a").getTimestamp().plusSeconds(1));
            driver.pipeTogether("late");
            assertThat(forwarded(driver)).containsExactly("a");
            assertThat(driver.indexer().stats()).isEqualTo(new EventIndexerStats(1, 1, 0, 0, 2));
        }
    }

    @Test
    void canBeFollowedLive() {
        try (IndexerDriver driver = new IndexerDriver(options -> options.stageCapacity(8))) {
            driver.pipeTogether("before");
            try (LiveTail<Event> tail = driver.indexer().live().follow()) {
                assertThat(seen(tail)).isEmpty();
                driver.pipeTogether(ids(5));
                assertThat(seen(tail)).as("stored and forwarded already").containsExactly(ids(5).split(" "));
                driver.pipeTogether(ids(12));
                assertThat(seen(tail)).containsExactly("e4", "e5", "e6", "e7", "e8", "e9", "e10", "e11");
                assertThat(tail.missed()).isEqualTo(4);
                driver.pipeTogether("last");
                driver.close();
                assertThat(seen(tail)).as("from a task that is closed").containsExactly("last");
                assertThat(seen(tail)).isEmpty();
                assertThat(tail.missed()).isEqualTo(4);
            }
        }
    }

    @Test
    void canBeFollowedBeforeThereIsATask() {
        EventIndexer<String, Event> indexer = EventIndexer.<String, Event>builder(
                        EventStores.builder(IndexerDriver.STORE, TraceEvents.definition(IndexerDriver.SERDE)))
                .build();
        LiveTail<Event> tail = indexer.live().follow();
        try (IndexerDriver driver = new IndexerDriver(indexer)) {
            driver.pipeTogether(ids(3));
            assertThat(seen(tail)).containsExactly(ids(3).split(" "));
        }
        tail.close();
        tail.close();
        assertThatThrownBy(() -> seen(tail))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whatATaskHadThatCameAndWentCanBeSeen() {
        EventIndexer<String, Event> indexer = EventIndexer.<String, Event>builder(
                        EventStores.builder(IndexerDriver.STORE, TraceEvents.definition(IndexerDriver.SERDE)))
                .build();
        try (LiveTail<Event> tail = indexer.live().follow()) {
            try (IndexerDriver driver = new IndexerDriver(indexer)) {
                driver.pipeTogether(ids(3));
            }
            assertThat(seen(tail)).containsExactly(ids(3).split(" "));
            assertThat(seen(tail)).isEmpty();
        }
    }

    @Test
    void keepsNothingThatIsStoredUnlessSomebodyFollows() {
        List<WeakReference<Event>> events = new ArrayList<>();
        EventDefinition<Event> definition = EventDefinition.builder(IndexerDriver.SERDE)
                .id(event -> {
                    events.add(new WeakReference<>(event));
                    return event.getId();
                })
                .timestamp(Event::getTimestamp)
                .build();
        EventIndexer<String, Event> indexer = EventIndexer.<String, Event>builder(
                        EventStores.builder(IndexerDriver.STORE, definition))
                .stageCapacity(8)
                .build();
        try (IndexerDriver driver = new IndexerDriver(indexer)) {
            driver.pipeTogether(ids(3));
            awaitGone(events);
            try (LiveTail<Event> tail = indexer.live().follow()) {
                driver.pipeTogether(ids(12));
                assertThat(driver.metric("followed-records")).isEqualTo(8);
                assertThat(driver.metric("followed-bytes")).isPositive();
                assertThat(seen(tail)).hasSize(8);
            }
            driver.wait(Duration.ofSeconds(1));
            assertThat(driver.metric("followed-records")).isZero();
            assertThat(driver.metric("followed-bytes")).isZero();
            awaitGone(events);
        }
    }

    private static void awaitGone(List<WeakReference<Event>> events) {
        Awaitility.await("all events collected").atMost(Duration.ofSeconds(60)).until(() -> {
            System.gc();
            return events.stream().allMatch(event -> event.get() == null);
        });
    }

    private static List<String> seen(LiveTail<Event> tail) {
        List<String> ids = new ArrayList<>();
        tail.drain(
                live -> {
                    assertThat(live.partition()).isZero();
                    ids.add(live.event().getId());
                },
                Integer.MAX_VALUE);
        return ids;
    }

    @Test
    void reportsThroughKafkaStreamsMetrics() {
        try (IndexerDriver driver = new IndexerDriver(DEFAULTS)) {
            driver.pipeTogether(ids(3));
            assertThat(driver.metric("flush-total")).isEqualTo(1);
            assertThat(driver.metric("flush-latency-max")).isPositive();
            assertThat(driver.metric("buffered-records")).isZero();
            assertThat(driver.metric("dropped-records-total")).isZero();
        }
    }

    private static List<String> forwarded(IndexerDriver driver) {
        return driver.output().readValuesToList().stream().map(Event::getId).toList();
    }

    private static String ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "e" + i).collect(Collectors.joining(" "));
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
