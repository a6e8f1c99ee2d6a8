package io.forebay.query;

import org.apache.kafka.streams.KafkaStreams;

/** The states of Kafka Streams in words. */
final class StateText {

    private StateText() {}

    /** What the application is doing, with the name of the state. */
    static String of(KafkaStreams.State state) {
        return switch (state) {
            case CREATED -> "the application has not been started yet (CREATED)";
            case REBALANCING -> "the application is taking over partitions or restoring their state (REBALANCING)";
            case RUNNING -> "the application is running (RUNNING)";
            case PENDING_SHUTDOWN -> "the application is shutting down (PENDING_SHUTDOWN)";
            case NOT_RUNNING -> "the application has been stopped (NOT_RUNNING)";
            case PENDING_ERROR -> "the application has failed and is shutting down (PENDING_ERROR)";
            case ERROR -> "the application has failed (ERROR); its log says why, and it has to be restarted";
        };
    }
}
