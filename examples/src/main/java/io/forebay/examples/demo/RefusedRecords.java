package io.forebay.examples.demo;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Sends records that the store refuses to the dead letter topic, and counts them. Made by Kafka Streams. */
public final class RefusedRecords extends LogAndContinueProcessingExceptionHandler {

    private @Nullable DeadLetters deadLetters;

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        deadLetters = (DeadLetters) configs.get(DeadLetters.CONFIG);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        Objects.requireNonNull(deadLetters, DeadLetters.CONFIG).add(context, exception);
        return super.handleError(context, record, exception);
    }
}
