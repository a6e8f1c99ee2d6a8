package io.forebay.query;

import org.apache.kafka.streams.query.FailureReason;

/**
 * Why a partition did not answer.
 *
 * @param partition its number
 * @param reason what Kafka Streams calls it
 * @param message what it said
 */
record PartitionFailure(int partition, FailureReason reason, String message) {

    /** Whether asking again later may help: the partition is elsewhere, moving, or behind. */
    boolean isTransient() {
        return switch (reason) {
            case NOT_PRESENT, NOT_ACTIVE, NOT_UP_TO_BOUND -> true;
            case UNKNOWN_QUERY_TYPE, DOES_NOT_EXIST, STORE_EXCEPTION -> false;
        };
    }
}
