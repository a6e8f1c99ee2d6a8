package io.forebay.store;

import io.forebay.store.internal.streams.TaskSensors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;

/**
 * The metrics of one store, in the registry of Kafka Streams. {@code docs/metrics.md} lists them.
 *
 * <p>Thread-safe.
 */
final class StoreMetrics implements AutoCloseable {

    private final TaskSensors sensors;
    private final Sensor flushes;
    private final Sensor rows;
    private final Sensor queries;

    /** To be made on the thread that opens the store, whose name is one of the tags, as in Kafka's own metrics. */
    StoreMetrics(StoreKind kind, StreamsMetrics registry, TaskId task, String store) {
        sensors = new TaskSensors(registry, kind.inMetrics(), task, "forebay-state-id", store);
        flushes = sensors.latency("flush", "batches written to RocksDB");
        rows = sensors.sum("rows-written", "rows put or deleted in RocksDB, those of indexes included");
        queries = sensors.latency("query", "queries, and reads of single keys");
    }

    /** A batch has been written. */
    void recordFlush(long latencyNanos, long rowCount) {
        flushes.record(latencyNanos);
        rows.record(rowCount);
    }

    /** Rows have been put or deleted beside the batches of commits: of new indexes, or to make room. */
    void recordRows(long rowCount) {
        if (rowCount > 0) {
            rows.record(rowCount);
        }
    }

    /** A sum that one kind of store has. */
    Sensor sum(String name, String what) {
        return sensors.sum(name, what);
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
        sensors.gauge(name, description, value::getAsLong);
    }

    @Override
    public void close() {
        sensors.close();
    }
}
