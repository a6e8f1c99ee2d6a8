package io.forebay.query;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;

/** The two questions put to Kafka Streams. */
interface StreamsAccess {

    KafkaStreams.State state();

    <R> StateQueryResult<R> query(StateQueryRequest<R> request);

    /** Asks a real instance. */
    record Local(KafkaStreams streams) implements StreamsAccess {
        @Override
        public KafkaStreams.State state() {
            return streams.state();
        }

        @Override
        public <R> StateQueryResult<R> query(StateQueryRequest<R> request) {
            return streams.query(request);
        }
    }
}
