package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.store.LatestByKeyQuery;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStoreBuilder;
import io.forebay.store.LatestStores;
import io.forebay.store.Versioned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PutNewerTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final UnaryOperator<PutNewer.Builder<String, String>> DEFAULTS = options -> options;

    @Test
    void emitsTheNewestOfEachKeyWhenTheIntervalIsOver() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 1 0 one", "b 7 0 seven", "a 3 0 three", "a 2 0 two");
            assertThat(driver.emitted()).as("before").isEmpty();
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 3 2 three", "b 7 1 seven");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).as("nothing new").isEmpty();
        }
    }

    @Test
    void emitsARecordAsItCame() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 1 4711 one");
            driver.wait(INTERVAL);
            TestRecord<String, String> record = driver.records().get(0);
            assertThat(record.timestamp()).isEqualTo(4711);
            assertThat(PutNewerDriver.header(record, PutNewerDriver.VERSION)).isEqualTo("1");
            assertThat(record.headers().toArray()).hasSize(3);
        }
    }

    /** A commit makes updates durable, and visible to queries, but does not emit them. */
    @Test
    void coalescesAcrossCommits() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 1 0 one", "a 2 0 two");
            driver.process("a 3 0 three");
            driver.process("b 1 0 one");
            driver.process("a 4 0 four", "a 5 0 five");
            assertThat(driver.emitted()).isEmpty();
            assertThat(driver.store().get("a").map(Versioned::value)).contains("five");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 5 5 five", "b 1 1 one");
            driver.process("a 6 0 six");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).as("counted anew").containsExactly("a 6 1 six");
        }
    }

    @Test
    void remembersVersionsAcrossFlushes() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 5 0 five");
            driver.wait(INTERVAL);
            driver.emitted();
            driver.process("a 4 0 four");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).isEmpty();
            assertThat(driver.store().get("a").map(Versioned::version)).contains(5L);
        }
    }

    @Test
    void ofTwoEqualVersionsTheFirstStays() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 5 0 first", "a 5 0 second");
            driver.process("a 5 0 third");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 5 1 first");
        }
    }

    @Test
    void aLateUpdateDoesNotBringADeletedKeyBack() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 1 0 one");
            driver.process("a 3 0");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 3 2 deleted");
            assertThat(driver.store().get("a")).isEmpty();
            driver.process("a 2 0 two");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).isEmpty();
            driver.process("a 4 0 four");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 4 1 four");
            assertThat(driver.store().count()).isEqualTo(1);
        }
    }

    @Test
    void aTombstoneIsForgottenWhenItsTimeIsUp() {
        try (PutNewerDriver driver = new PutNewerDriver(PutNewer.builder(
                        LatestStores.builder(
                                        PutNewerDriver.STORE, LatestDefinition.of(Serdes.String(), Serdes.String()))
                                .tombstoneRetention(Duration.ofMillis(100)),
                        VersionSource.<String, String>header(PutNewerDriver.VERSION))
                .build())) {
            driver.process("a 5 1000");
            driver.wait(INTERVAL);
            driver.process("a 3 1099 three");
            assertThat(driver.store().get("a")).as("in time").isEmpty();
            // What a commit lets go is in RocksDB two commits later, in the background.
            AtomicLong version = new AtomicLong();
            Awaitility.await().until(() -> {
                driver.process("b " + version.incrementAndGet() + " 1100 any");
                driver.process("a 3 1100 three");
                return driver.store().get("a").map(Versioned::value).isPresent();
            });
        }
    }

    /** The version decides, not the clock. */
    @Test
    void aClockThatGoesBackwardsChangesNothing() {
        try (PutNewerDriver driver = stored(options -> options.flushInterval(INTERVAL, PunctuationType.STREAM_TIME))) {
            driver.process("a 1 10000 one");
            assertThat(driver.emitted()).as("stream time begins").containsExactly("a 1 1 one");
            driver.process("a 2 4000 two");
            driver.process("a 3 3000 three");
            assertThat(driver.emitted()).as("stream time stands still").isEmpty();
            driver.process("b 1 11000 any");
            assertThat(driver.emitted()).containsExactly("a 3 2 three", "b 1 1 any");
        }
    }

    @Test
    void takesTheTimestampForAVersionIfToldSo() {
        try (PutNewerDriver driver =
                new PutNewerDriver(PutNewer.builder(store(), VersionSource.<String, String>timestamp())
                        .build())) {
            driver.process("a 0 2000 new", "a 0 1000 old");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 2000 1 new");
        }
    }

    @Test
    void takesTheOffsetForAVersionIfToldSo() {
        try (PutNewerDriver driver =
                new PutNewerDriver(PutNewer.builder(store(), VersionSource.<String, String>offset())
                        .build())) {
            driver.process("a 0 0 zero");
            driver.process("a 0 0 one");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 1 2 one");
        }
    }

    @Test
    void takesTheVersionOutOfTheValueAndThatOfDeletesFromElsewhere() {
        VersionSource<String, String> version = VersionSource.<String, String>value(value -> value.length())
                .orForDeletes(VersionSource.header(PutNewerDriver.VERSION));
        try (PutNewerDriver driver =
                new PutNewerDriver(PutNewer.builder(store(), version).build())) {
            driver.process("a 0 0 xxx", "b 0 0 xx", "b 1 0", "a 9 0");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 9 2 deleted", "b 2 1 xx");
        }
    }

    @Test
    void sendsStaleUpdatesToTheSide() {
        PutNewer<String, String> step =
                step(options -> options.emitTo(PutNewerDriver.OUT).staleTo(PutNewerDriver.STALE));
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            driver.process("a 5 0 five", "a 4 0 four");
            driver.process("a 2 0 two", "a 3 0 three", "b 1 0 one");
            driver.process("a 1 0");
            assertThat(driver.stale()).containsExactly("a 4 four", "a 2 two", "a 3 three", "a 1 deleted");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 5 1 five", "b 1 1 one");
            assertThat(driver.stale()).isEmpty();
        }
        PutNewerStats stats = step.stats();
        assertThat(stats.stale()).isEqualTo(4);
        assertThat(stats.updates()).isEqualTo(stats.stale() + stats.coalesced()).isEqualTo(6);
        assertThat(stats.emitted()).isEqualTo(2);
    }

    @Test
    void aFullBufferGoesToTheStoreAndNotDownstream() {
        PutNewer<String, String> step = step(options -> options.maxBufferedEntries(10));
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            String[] lines = IntStream.range(0, 35)
                    .mapToObj(i -> "k" + i % 30 + " " + i + " 0 value")
                    .toArray(String[]::new);
            driver.process(lines);
            assertThat(step.stats().spills())
                    .as("three full ones and the commit")
                    .isEqualTo(4);
            assertThat(driver.emitted()).isEmpty();
            driver.wait(INTERVAL);
            Map<String, Long> byUpdates = driver.emitted().stream()
                    .collect(Collectors.groupingBy(line -> line.split(" ")[2], Collectors.counting()));
            assertThat(byUpdates).isEqualTo(Map.of("1", 25L, "2", 5L));
        }
    }

    @Test
    void aBufferIsFullByBytesToo() {
        PutNewer<String, String> step = step(options -> options.maxBufferedBytes(2_000));
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            driver.process("a 1 0 " + "x".repeat(1_500), "b 1 0 " + "x".repeat(1_500), "c 1 0 small");
            assertThat(step.stats().spills()).isEqualTo(2);
        }
    }

    @Test
    void withoutAStoreItGuardsWithinItsWindowOnly() {
        PutNewer<String, String> step = PutNewer.withoutStore("hook", version())
                .flushInterval(INTERVAL, PunctuationType.WALL_CLOCK_TIME)
                .build();
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            driver.process("a 5 0 five", "a 4 0 four", "a 6 0 six");
            assertThat(driver.emitted()).as("with the commit").containsExactly("a 6 2 six");
            driver.process("a 3 0 three");
            assertThat(driver.emitted()).as("it does not remember").containsExactly("a 3 1 three");
            driver.process("a 2 0");
            assertThat(driver.emitted()).containsExactly("a 2 1 deleted");
        }
        assertThat(step.stats().stale()).isEqualTo(1);
    }

    @Test
    void withoutAStoreAFullBufferIsEmitted() {
        PutNewer<String, String> step =
                PutNewer.withoutStore("hook", version()).maxBufferedEntries(2).build();
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            driver.process("a 1 0 one", "b 1 0 one", "a 2 0 two");
            assertThat(driver.emitted()).containsExactly("a 1 1 one", "a 2 1 two", "b 1 1 one");
        }
    }

    @Test
    void anUpdateThatCannotBeUsedIsReportedAndTheOthersGoOn() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a none 0 bad");
            driver.process("a 1 0 good");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).containsExactly("a 1 1 good");
            Number dropped = (Number) driver.driver().metrics().entrySet().stream()
                    .filter(metric -> metric.getKey().name().equals("dropped-records-total")
                            && metric.getKey().group().equals("stream-task-metrics"))
                    .findFirst()
                    .orElseThrow()
                    .getValue()
                    .metricValue();
            assertThat(dropped.longValue()).isEqualTo(1);
        }
    }

    @Test
    void skipsRecordsWithoutAKey() {
        PutNewer<String, String> step = step(DEFAULTS);
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            driver.process("null 1 0 one");
            driver.wait(INTERVAL);
            assertThat(driver.emitted()).isEmpty();
        }
        assertThat(step.stats().skipped()).isEqualTo(1);
    }

    @Test
    void measuresWhatItDoes() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 1 0 one", "a 2 0 two", "a 1 0 one", "b 1 0 one");
            driver.wait(INTERVAL);
            Map<String, Double> metrics = driver.driver().metrics().entrySet().stream()
                    .filter(metric -> metric.getKey().group().equals(ProcessorMetrics.GROUP))
                    .collect(Collectors.toMap(
                            metric -> metric.getKey().name(),
                            metric -> ((Number) metric.getValue().metricValue()).doubleValue()));
            assertThat(metrics)
                    .containsEntry("stale-updates-total", 1.0)
                    .containsEntry("coalescing-ratio", 1.5)
                    .containsEntry("buffered-records", 0.0)
                    .containsEntry("buffered-bytes", 0.0)
                    .containsEntry("flush-total", 1.0);
        }
    }

    @Test
    void answersInteractiveQueries() {
        try (PutNewerDriver driver = stored(DEFAULTS)) {
            driver.process("a 5 77 five");
            Versioned<String, String> found =
                    driver.store().get(new LatestByKeyQuery<>("a")).orElseThrow();
            assertThat(found.version()).isEqualTo(5);
            assertThat(found.timestampMs()).isEqualTo(77);
            assertThat(new String(
                            found.headers().lastHeader(PutNewerDriver.VERSION).value(), StandardCharsets.UTF_8))
                    .isEqualTo("5");
            assertThat(driver.store().getPosition().getPartitionPositions("in")).isEqualTo(Map.of(0, 0L));
        }
    }

    /** Else the others would come out again with each attempt. */
    @Test
    void anEmissionThatFailsFailsTheTaskWhateverTheHandlerSays() {
        Serde<String> failing = Serdes.serdeFrom(new StringSerializer(), (topic, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.equals("poison")) {
                throw new IllegalStateException("cannot be read back");
            }
            return text;
        });
        PutNewer<String, String> step = PutNewer.builder(
                        LatestStores.builder(PutNewerDriver.STORE, LatestDefinition.of(Serdes.String(), failing)),
                        version())
                .flushInterval(INTERVAL, PunctuationType.WALL_CLOCK_TIME)
                .build();
        try (PutNewerDriver driver = new PutNewerDriver(step)) {
            driver.process("a 1 0 good", "z 1 0 poison");
            assertThatThrownBy(() -> driver.wait(INTERVAL)).rootCause().hasMessage("cannot be read back");
        }
    }

    @Test
    void childrenThatAreNotThereAreRefusedWhenTheTaskStarts() {
        PutNewer.Builder<String, String> builder = PutNewer.withoutStore("hook", version());
        assertThatThrownBy(() -> new PutNewerDriver(builder.emitTo("typo").build()))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("emitTo=typo", "newer", PutNewerDriver.OUT, PutNewerDriver.STALE);
        assertThatThrownBy(() -> new PutNewerDriver(
                        builder.emitTo(PutNewerDriver.OUT).staleTo("typo").build()))
                .rootCause()
                .hasMessageContaining("staleTo=typo");
    }

    @Test
    void refusesContradictions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        PutNewer.builder(store(), version()).staleTo("stale").build())
                .withMessageContaining("staleTo=stale without emitTo");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> step(options -> options.emitTo("same").staleTo("same")))
                .withMessageContaining("staleTo=same and emitTo=same");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PutNewer.withoutStore("hook", version())
                        .maxBufferedBytes(100)
                        .build())
                .withMessageContaining("maxBufferedBytes=100 needs a store");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> step(options -> options.maxBufferedEntries(0)))
                .withMessageContaining("maxBufferedEntries=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> step(options -> options.flushInterval(Duration.ZERO, PunctuationType.STREAM_TIME)))
                .withMessageContaining("flushInterval=PT0S");
    }

    @Test
    void versionsThatAreMissingAreErrors() {
        Record<String, String> delete = new Record<>("a", null, 0);
        for (VersionSource<String, String> source : List.<VersionSource<String, String>>of(
                VersionSource.value(value -> 1L), VersionSource.header("v"), VersionSource.offset())) {
            assertThatIllegalArgumentException().isThrownBy(() -> source.versionOf(delete, null));
        }
    }

    private static VersionSource<String, String> version() {
        return VersionSource.header(PutNewerDriver.VERSION);
    }

    private static LatestStoreBuilder<String, String> store() {
        return LatestStores.builder(PutNewerDriver.STORE, LatestDefinition.of(Serdes.String(), Serdes.String()));
    }

    private static PutNewer<String, String> step(UnaryOperator<PutNewer.Builder<String, String>> options) {
        return options.apply(PutNewer.builder(store(), version()).emitTo(PutNewerDriver.OUT))
                .build();
    }

    private static PutNewerDriver stored(UnaryOperator<PutNewer.Builder<String, String>> options) {
        return new PutNewerDriver(step(options));
    }
}
