package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.buffer.RetryPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;

/** Writers to a target that remembers what is written, and windows in which to write it. */
abstract class BatchWriterFixture {

    static final Map<String, String> PATIENT = Map.of("max.poll.interval.ms", "300000");

    /** A window of 0.8 s: a commit waits for 0.2 s, a round is held up for 0.1 s. */
    static final Map<String, String> IMPATIENT = Map.of("max.poll.interval.ms", "800");

    /** A window of 2 s: a commit waits for 0.5 s, a round is held up for a quarter of a second. */
    static final Map<String, String> BRISK = Map.of("max.poll.interval.ms", "2000");

    static final RetryPolicy AT_ONCE = new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0);

    final List<String> written = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void leavesNoInterruptBehind() {
        assertThat(Thread.interrupted()).isFalse();
    }

    final BatchWriter.Builder<String, String> writer() {
        return BatchWriter.blocking("writer", this::write);
    }

    final void write(List<Record<String, String>> batch) {
        batch.forEach(record -> written.add(record.value()));
    }

    static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    }

    static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    static double metric(WriterDriver driver, String name) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(ProcessorMetrics.GROUP)
                        && metric.getKey().name().equals(name))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
