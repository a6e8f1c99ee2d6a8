package io.forebay.store.internal.streams;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
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
 * Metrics of something that belongs to a task, in the registry of Kafka Streams, where every reporter and
 * {@code KafkaStreams.metrics()} find them, with tags as Kafka's own have them. Removed when it is closed.
 *
 * <p>To be made and closed by one thread; the sensors may be used by any.
 */
public final class TaskSensors implements AutoCloseable {

    private final StreamsMetrics registry;
    private final String group;
    private final String prefix;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final List<Sensor> sensors = new ArrayList<>();

    /**
     * To be made on the StreamThread of the task, whose name is one of the tags.
     *
     * @param kind what it is that is measured; the group of its metrics is {@code forebay-<kind>-metrics}
     * @param idTag the tag that tells one of a kind from the others of the task
     * @param id its value
     */
    public TaskSensors(StreamsMetrics registry, String kind, TaskId task, String idTag, String id) {
        this.registry = registry;
        this.group = "forebay-" + kind + "-metrics";
        String thread = Thread.currentThread().getName();
        this.prefix = String.join(".", "forebay-" + kind, thread, task.toString(), id, "");
        tags.put("thread-id", thread);
        tags.put("task-id", task.toString());
        tags.put(idTag, id);
    }

    /** Average and maximum of a time in nanoseconds, and how often it was recorded. */
    public Sensor latency(String name, String what) {
        Sensor sensor = sensor(name);
        sensor.add(metricName(name + "-latency-avg", "Average latency of " + what + ", in nanoseconds"), new Avg());
        sensor.add(metricName(name + "-latency-max", "Maximum latency of " + what + ", in nanoseconds"), new Max());
        sensor.add(metricName(name + "-rate", "Number per second of " + what), new Rate(new WindowedCount()));
        sensor.add(metricName(name + "-total", "Number of " + what), new CumulativeCount());
        return sensor;
    }

    /** The sum of what is recorded, and how much of it there is in a second. */
    public Sensor sum(String name, String what) {
        Sensor sensor = sensor(name);
        sensor.add(metricName(name + "-rate", "Number per second of " + what), new Rate());
        sensor.add(metricName(name + "-total", "Number of " + what), new CumulativeSum());
        return sensor;
    }

    /** What is asked for whenever somebody looks, on whatever thread; must not fail, also after what it measures is closed. */
    public void gauge(String name, String description, DoubleSupplier value) {
        sensor(name).add(metricName(name, description), new Gauge(value));
    }

    @Override
    public void close() {
        sensors.forEach(registry::removeSensor);
        sensors.clear();
    }

    private Sensor sensor(String name) {
        Sensor sensor = registry.addSensor(prefix + name, RecordingLevel.INFO);
        sensors.add(sensor);
        return sensor;
    }

    private MetricName metricName(String name, String description) {
        return new MetricName(name, group, description, tags);
    }

    /** A statistic of nothing that is recorded: asks when it is measured. */
    private record Gauge(DoubleSupplier value) implements MeasurableStat {

        @Override
        public void record(MetricConfig config, double recorded, long timeMs) {
            // its value does not depend on that
        }

        @Override
        public double measure(MetricConfig config, long nowMs) {
            return value.getAsDouble();
        }
    }
}
