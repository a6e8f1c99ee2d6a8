package io.forebay.examples.readme;

import io.forebay.processor.EventIndexer;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventIndex;
import io.forebay.store.EventPage;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStores;
import io.forebay.store.Order;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;

/** The snippets of the README about the indexer. */
final class PaymentsTopology {

    record Payment(String id, Instant at, String customer, String shop, String till) {}

    private PaymentsTopology() {}

    static StreamsBuilder build(Serde<Payment> paymentSerde) {
        // README: index
        EventDefinition<Payment> payments = EventDefinition.builder(paymentSerde)
                .id(Payment::id)
                .timestamp(Payment::at)
                .index(EventIndex.ofString("customer", Payment::customer))
                .index(EventIndex.composite(
                        "place",
                        EventIndex.ofString("shop", Payment::shop),
                        EventIndex.ofString("till", Payment::till)))
                .build();

        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("payments", Consumed.with(Serdes.String(), paymentSerde))
                .process(EventIndexer.<String, Payment>builder(EventStores.builder("payments-by", payments))
                        .build());
        // README: end
        return builder;
    }

    static StateQueryResult<EventPage<Payment>> query(KafkaStreams streams) {
        // README: query
        EventQuery<Payment> query = EventQuery.<Payment>all()
                .equal("place", "Ghent") // any till
                .from(Instant.now().minus(Duration.ofHours(1)))
                .order(Order.DESC)
                .limit(20);

        StateQueryResult<EventPage<Payment>> answer =
                streams.query(StateQueryRequest.inStore("payments-by").withQuery(query));
        // README: end
        return answer;
    }
}
