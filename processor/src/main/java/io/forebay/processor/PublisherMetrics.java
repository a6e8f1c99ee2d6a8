package io.forebay.processor;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.utils.Time;

/**
 * Shows the numbers of a publisher to the reporters of its producer ({@code metric.reporters}, JMX unless told otherwise).
 * {@code docs/metrics.md} lists them. Every number is read when it is asked for: publishing costs nothing for it.
 */
final class PublisherMetrics implements AutoCloseable {

    private static final String GROUP = "forebay-publisher-metrics";

    private final Metrics metrics;

    /**
     * Begins to show.
     *
     * @param clientId tells publishers of one process apart
     */
    PublisherMetrics(
            String clientId, String topic, Map<String, Object> producerConfig, Supplier<EventPublisherStats> stats) {
        List<MetricsReporter> reporters =
                CommonClientConfigs.metricsReporters(clientId, new ProducerConfig(producerConfig));
        metrics = new Metrics(new MetricConfig(), reporters, Time.SYSTEM, new KafkaMetricsContext("forebay.publisher"));
        Map<String, String> tags = Map.of("client-id", clientId, "topic", topic);
        add("accepted-total", "events taken from the application", tags, stats, EventPublisherStats::accepted);
        add("published-total", "events acknowledged by the broker", tags, stats, EventPublisherStats::published);
        add("pending", "events that are buffered or under way", tags, stats, EventPublisherStats::pending);
        add("dropped-total", "events shed for want of room", tags, stats, EventPublisherStats::dropped);
        add("excluded-total", "events that the filter left out", tags, stats, EventPublisherStats::excluded);
        add("failed-total", "events that could not be published", tags, stats, EventPublisherStats::failed);
    }

    private void add(
            String name,
            String description,
            Map<String, String> tags,
            Supplier<EventPublisherStats> stats,
            ToLongFunction<EventPublisherStats> value) {
        MetricName metric = metrics.metricName(name, GROUP, description, tags);
        metrics.addMetric(metric, (Gauge<Long>) (config, now) -> value.applyAsLong(stats.get()));
    }

    @Override
    public void close() {
        metrics.close();
    }
}
