package io.forebay.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.WindowedCount;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;

/**
 * The metrics of one store, in the registry of Kafka Streams, where every reporter and {@code KafkaStreams.metrics()} find
 * them. {@code docs/metrics.md} lists them.
 *
 * <p>Thread-safe.
 */
final class StoreMetrics implements AutoCloseable {

    private final String group;
    private final StreamsMetrics registry;
    private final String sensorPrefix;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final List<Sensor> sensors = new ArrayList<>();
    private final Sensor flushes;
    private final Sensor rows;
    private final Sensor evicted;
    private final Sensor late;
    private final Sensor queries;

    /** To be made on the thread that opens the store, whose name is one of the tags, as in Kafka's own metrics. */
    StoreMetrics(StoreKind kind, StreamsMetrics registry, TaskId task, String store) {
        this.registry = registry;
        this.group = kind.metricPrefix() + "-metrics";
        String thread = Thread.currentThread().getName();
        sensorPrefix = String.join(".", kind.metricPrefix(), thread, task.toString(), store, "");
        tags.put("thread-id", thread);
        tags.put("task-id", task.toString());
        tags.put("forebay-state-id", store);
        flushes = latencySensor("flush", "batches written to RocksDB");
        rows = sumSensor("rows-written", "rows put or deleted in RocksDB, those of indexes included");
        evicted = sumSensor("evicted-events", "events removed because they were too old or too many");
        late = sumSensor("late-events", "events refused because they were older than the retention");
        queries = latencySensor("query", "queries, and reads by id");
    }

    /** A batch has been written. */
    void recordFlush(long latencyNanos, long rowCount) {
        flushes.record(latencyNanos);
        rows.record(rowCount);
    }

    /** Events have been removed because of the retention or the maximum number. */
    void recordEvicted(long events) {
        evicted.record(events);
    }

    /** An event older than the retention has been refused. */
    void recordLate() {
        late.record(1);
    }

    /** Answers a query, and records how long it took. */
    <T> T query(Supplier<T> query) {
        long startNanos = System.nanoTime();
        T answer = query.get();
        queries.record(System.nanoTime() - startNanos);
        return answer;
    }

    /** Adds what is asked for whenever somebody looks; must not fail, also after the store is closed. */
    void addGauge(String name, String description, LongSupplier value) {
        sensor(name).add(metricName(name, description), new Gauge(value));
    }

    @Override
    public void close() {
        sensors.forEach(registry::removeSensor);
        sensors.clear();
    }

    private Sensor latencySensor(String name, String what) {
        Sensor sensor = sensor(name);
        sensor.add(metricName(name + "-latency-avg", "Average latency of " + what + ", in nanoseconds"), new Avg());
        sensor.add(metricName(name + "-latency-max", "Maximum latency of " + what + ", in nanoseconds"), new Max());
        sensor.add(metricName(name + "-rate", "Number per second of " + what), new Rate(new WindowedCount()));
        sensor.add(metricName(name + "-total", "Number of " + what), new CumulativeCount());
        return sensor;
    }

    private Sensor sumSensor(String name, String what) {
        Sensor sensor = sensor(name);
        sensor.add(metricName(name + "-rate", "Number per second of " + what), new Rate());
        sensor.add(metricName(name + "-total", "Number of " + what), new CumulativeSum());
        return sensor;
    }

    private Sensor sensor(String name) {
        Sensor sensor = registry.addSensor(sensorPrefix + name, RecordingLevel.INFO);
        sensors.add(sensor);
        return sensor;
    }

    private MetricName metricName(String name, String description) {
        return new MetricName(name, group, description, tags);
    }

    /** A statistic of nothing that is recorded: asks when it is measured. */
    private record Gauge(LongSupplier value) implements MeasurableStat {

        @Override
        public void record(MetricConfig config, double recorded, long timeMs) {
            // its value does not depend on that
        }

        @Override
        public double measure(MetricConfig config, long nowMs) {
            return value.getAsLong();
        }
    }
}
