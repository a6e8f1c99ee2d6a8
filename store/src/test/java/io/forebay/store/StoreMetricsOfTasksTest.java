package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a store that is opened, restored and swept. */
class StoreMetricsOfTasksTest {

    private static final int EVENTS = 12_000;

    @TempDir
    File directory;

    private StoreTask<RocksEventStore<Sample>> task;

    @BeforeEach
    void open() {
        task = new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, new MemoryChangelog());
        open(Sample.definition(Sample.TAG));
    }

    @AfterEach
    void close() {
        task.close();
    }

    @Test
    void countsWhatIsBeingRestoredAsUncommitted() {
        putAll();
        task.close();
        task.loseDisk();
        open(Sample.definition(Sample.TAG));
        task.restoreNext(Restoration.BULK_RECORDS);
        assertThat(value("uncommitted-bytes")).isGreaterThan(Restoration.BULK_RECORDS * 64.0);
        task.restore(Restoration.BULK_RECORDS);
        assertThat(task.store().stats().total())
                .as("seen, and therefore written")
                .isEqualTo(EVENTS);
        assertThat(value("uncommitted-bytes")).isZero();
    }

    @Test
    void countsTheRowsOfNewIndexesAndThoseSwept() {
        putAll();
        task.postCommit(true);
        task.close();
        open(Sample.definition(Sample.PROCESS));
        double rowsOfOpening = value("rows-written-total");
        assertThat(rowsOfOpening).isGreaterThan(EVENTS);
        task.process(() -> task.store().deleteBefore(Timestamps.toInstant(EVENTS)));
        task.commit();
        task.process(() -> task.store().put(sample(EVENTS)));
        task.commit();
        long deadline = System.nanoTime() + 30_000_000_000L;
        double withThoseOfTheIndex = rowsOfOpening + EVENTS; // no commit adds any meanwhile
        while (value("rows-written-total") < withThoseOfTheIndex) {
            assertThat(System.nanoTime() - deadline)
                    .as("%s rows", value("rows-written-total"))
                    .isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void leavesNothingBehindWhenItCannotBeOpened() {
        task.process(() -> task.store().put(sample(1)));
        task.commit();
        task.postCommit(true);
        task.close();
        EventIndex<Sample> failing = EventIndex.ofString("failing", sample -> {
            throw new IllegalStateException("kaboom");
        });
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> open(Sample.definition(failing)))
                .withMessageContaining("kaboom");
        assertThat(ours()).isEmpty();
    }

    private void putAll() {
        task.process(() -> IntStream.range(0, EVENTS).forEach(i -> task.store().put(sample(i))));
        task.commit();
    }

    private static Sample sample(int number) {
        return Sample.of("id" + number, number).withProcess("p" + number % 7);
    }

    private void open(EventDefinition<Sample> definition) {
        task.open(EventStores.builder("samples", definition));
    }

    private double value(String name) {
        return ours().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
                .findFirst()
                .orElseThrow();
    }

    private List<? extends Metric> ours() {
        return task.metrics().metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals("forebay-event-store-metrics"))
                .toList();
    }
}
