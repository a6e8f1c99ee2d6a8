package io.forebay.processor;

import io.forebay.store.internal.streams.ForwardScope;
import io.forebay.store.internal.streams.TaskSensors;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * The metrics of one processor of one task, in the registry of Kafka Streams. {@code docs/metrics.md} lists them.
 *
 * <p>Made in {@code init} and closed by the StreamThread; recording is thread-safe. Gauges are asked by any thread.
 */
final class ProcessorMetrics implements AutoCloseable {

    private static final String KIND = "processor";
    static final String GROUP = "forebay-" + KIND + "-metrics";

    private final TaskSensors sensors;
    private final Sensor flushes;
    private final Sensor dropped;

    /**
     * @param flush what a flush is, in the plural
     * @param scope the scope of the processor, whose name is one of the tags
     */
    ProcessorMetrics(ProcessingContext context, ForwardScope scope, String flush) {
        sensors = new TaskSensors(context.metrics(), KIND, context.taskId(), "processor-node-id", scope.nodeName());
        flushes = sensors.latency("flush", flush);
        dropped = sensors.sum("dropped-records", "records accepted from upstream that went nowhere");
    }

    /** Something has been flushed. */
    void recordFlush(long latencyNanos) {
        flushes.record(latencyNanos);
    }

    /** Records have been dropped. */
    void recordDropped(long records) {
        dropped.record(records);
    }

    /** How much is in memory; asked by any thread, also after the processor is closed. */
    void gaugeBuffer(DoubleSupplier records, DoubleSupplier bytes) {
        gauge("buffered-records", "Records in memory", records);
        gauge("buffered-bytes", "Their size in bytes, as far as it is known", bytes);
    }

    /** Something else that can be looked at; asked by any thread, also after the processor is closed. */
    void gauge(String name, String description, DoubleSupplier value) {
        sensors.gauge(name, description, value);
    }

    /** Something else that is counted. */
    Sensor sum(String name, String what) {
        return sensors.sum(name, what);
    }

    @Override
    public void close() {
        sensors.close();
    }
}
