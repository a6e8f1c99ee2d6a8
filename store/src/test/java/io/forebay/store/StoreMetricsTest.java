package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/** What a store reports through Kafka Streams' metrics. */
class StoreMetricsTest {

    private static final int EVENTS = 100;

    @Test
    void countsWhatTheStoreDoes() {
        EventStoreBuilder<Sample> builder = EventStores.builder(StoreDriver.STORE, Sample.definition(Sample.PROCESS))
                .memory(StoreMemory.of(16 << 20))
                .withLoggingDisabled();
        Map<MetricName, ? extends Metric> registry;
        try (StoreDriver driver = new StoreDriver(builder, StreamsConfig.EXACTLY_ONCE_V2)) {
            registry = driver.driver().metrics();
            double rowsOfOpening = value(driver, "rows-written-total");
            driver.transaction(store -> {
                IntStream.range(0, EVENTS)
                        .forEach(i -> store.put(Sample.of("id" + i, i).withProcess("p")));
                assertThat(value(driver, "uncommitted-bytes")).isGreaterThan(EVENTS * 64.0);
                assertThat(value(driver, "flush-total")).isZero();
            });
            assertThat(value(driver, "uncommitted-bytes")).isZero();
            assertThat(value(driver, "flush-total")).isEqualTo(1);
            assertThat(value(driver, "flush-latency-avg")).isPositive();
            assertThat(value(driver, "flush-latency-max")).isPositive();
            assertThat(value(driver, "rows-written-total") - rowsOfOpening)
                    .as("event, id, index; and what the store says about itself")
                    .isBetween(EVENTS * 3.0, EVENTS * 3.0 + 5);
            driver.store().get("id1");
            driver.store().query(EventQuery.all());
            assertThat(value(driver, "query-total")).isEqualTo(2);
            assertThat(value(driver, "query-rate")).isPositive();
            assertThat(value(driver, "query-latency-max")).isPositive();
            assertThat(value(driver, "open-iterators")).isZero();
            assertThat(value(driver, "write-buffer-bytes")).isPositive();
            assertThat(value(driver, "shared-memory-bytes")).isPositive();
            assertThat(value(driver, "evicted-events-total")).isZero();
            assertThat(value(driver, "late-events-total")).isZero();
        }
        assertThat(ours(registry)).as("after closing").isEmpty();
    }

    @Test
    void countsWhatLeavesAndWhatComesTooLate() {
        EventStoreBuilder<Sample> builder =
                EventStores.builder(StoreDriver.STORE, Sample.definition()).retention(Duration.ofNanos(100));
        try (StoreDriver driver = new StoreDriver(builder, StreamsConfig.EXACTLY_ONCE_V2)) {
            driver.transaction(store -> {
                store.put(Sample.of("old", 1));
                store.put(Sample.of("older", 0));
                store.put(Sample.of("new", 1_000));
            });
            assertThat(value(driver, "evicted-events-total")).isEqualTo(2);
            driver.transaction(store -> store.put(Sample.of("late", 5)));
            assertThat(value(driver, "late-events-total")).isEqualTo(1);
        }
    }

    @Test
    void isTaggedAsTheFieldDoes() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            assertThat(ours(driver.driver().metrics()).keySet())
                    .hasSize(18)
                    .allSatisfy(name -> assertThat(name.tags())
                            .containsOnlyKeys("thread-id", "task-id", "forebay-state-id")
                            .containsEntry("task-id", "0_0")
                            .containsEntry("forebay-state-id", StoreDriver.STORE)
                            .containsEntry("thread-id", Thread.currentThread().getName()));
        }
    }

    private static double value(StoreDriver driver, String name) {
        return ours(driver.driver().metrics()).entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .map(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    private static Map<MetricName, Metric> ours(Map<MetricName, ? extends Metric> metrics) {
        Map<MetricName, Metric> ours =
                new TreeMap<>((left, right) -> left.name().compareTo(right.name()));
        metrics.entrySet().stream()
                .map(metric -> KeyValue.pair(metric.getKey(), metric.getValue()))
                .filter(metric -> metric.key.group().equals("forebay-event-store-metrics"))
                .forEach(metric -> ours.put(metric.key, metric.value));
        return ours;
    }
}
