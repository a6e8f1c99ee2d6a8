package io.forebay.store.internal.streams;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.internals.ClientUtils.QuietStreamsConfig;

/**
 * How long a StreamThread may take before others think that it is gone, in milliseconds, with all defaults and prefixes of the
 * application's configuration applied.
 *
 * @param maxPollIntervalMs between two polls, or its partitions go to others
 * @param transactionTimeoutMs from the first record written to the commit, or the transaction is aborted; only under
 *     exactly-once
 * @param commitIntervalMs how long a task goes on before it commits
 */
public record ClientTimeouts(long maxPollIntervalMs, OptionalLong transactionTimeoutMs, long commitIntervalMs) {

    /** The time-outs of the application that a processor runs in. */
    public static ClientTimeouts of(ProcessingContext context) {
        Map<String, Object> configs = context.appConfigs();
        StreamsConfig streams = new QuietStreamsConfig(configs);
        boolean exactlyOnce =
                StreamsConfig.EXACTLY_ONCE_V2.equals(streams.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
        long maxPollIntervalMs = milliseconds(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                streams.getMainConsumerConfigs("any", "any", 0),
                ConsumerConfig.configDef());
        OptionalLong transactionTimeoutMs = exactlyOnce
                ? OptionalLong.of(milliseconds(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        streams.getProducerConfigs("any"),
                        ProducerConfig.configDef()))
                : OptionalLong.empty();
        return new ClientTimeouts(
                maxPollIntervalMs, transactionTimeoutMs, streams.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
    }

    private static long milliseconds(String name, Map<String, Object> configs, ConfigDef definition) {
        Object value = configs.containsKey(name)
                ? ConfigDef.parseType(name, configs.get(name), ConfigDef.Type.INT)
                : definition.defaultValues().get(name);
        return ((Number) Objects.requireNonNull(value, name)).longValue();
    }
}
