package io.forebay.examples.demo;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.jspecify.annotations.Nullable;

/** Sends records that cannot be deserialised to the dead letter topic, and counts them. Made by Kafka Streams. */
public final class UnreadableRecords extends LogAndContinueExceptionHandler {

    private @Nullable DeadLetters deadLetters;

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        deadLetters = (DeadLetters) configs.get(DeadLetters.CONFIG);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        Objects.requireNonNull(deadLetters, DeadLetters.CONFIG).add(context, exception);
        return super.handleError(context, record, exception);
    }
}
