package io.forebay.examples.readme;

import io.forebay.examples.readme.PaymentsTopology.Payment;
import io.forebay.processor.BatchWriter;
import io.forebay.processor.FailurePolicy;
import io.forebay.processor.PutNewer;
import io.forebay.processor.VersionSource;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStores;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Record;

/** The snippets of the README, and of docs/guarantees.md, that show other steps than the indexer. */
final class StepsTopology {

    record Account(long version, long balance) {}

    /** Something that is not Kafka. */
    interface Database {
        void upsert(List<Record<String, Payment>> batch);
    }

    private StepsTopology() {}

    static StreamsBuilder newest(Serde<Account> accountSerde) {
        StreamsBuilder builder = new StreamsBuilder();
        // README: newest
        builder.stream("accounts", Consumed.with(Serdes.String(), accountSerde))
                .process(PutNewer.builder(
                                LatestStores.builder("newest", LatestDefinition.of(Serdes.String(), accountSerde)),
                                VersionSource.value(Account::version))
                        .flushInterval(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME)
                        .build())
                .to("newest-accounts", Produced.with(Serdes.String(), accountSerde));
        // README: end
        return builder;
    }

    static StreamsBuilder write(Serde<Payment> paymentSerde, Database database) {
        StreamsBuilder builder = new StreamsBuilder();
        // README: write
        builder.stream("payments", Consumed.with(Serdes.String(), paymentSerde))
                .process(BatchWriter.<String, Payment>blocking("payments-db", batch -> database.upsert(batch))
                        .failurePolicy(FailurePolicy.EXCEPTION_HANDLER) // and so to its dead letter topic
                        .build())
                .to("payments-in-db", Produced.with(Serdes.String(), paymentSerde));
        // README: end
        return builder;
    }

    static StreamsBuilder newestAndStale(Serde<Account> accountSerde) {
        StreamsBuilder builder = new StreamsBuilder();
        // guarantees: stale
        KStream<String, Account> accounts = builder.stream("accounts", Consumed.with(Serdes.String(), accountSerde))
                .process(PutNewer.builder(
                                LatestStores.builder("newest", LatestDefinition.of(Serdes.String(), accountSerde)),
                                VersionSource.value(Account::version))
                        .emitTo("emitted")
                        .staleTo("stale")
                        .build());
        accounts.mapValues(Account::balance, Named.as("emitted"))
                .to("balances", Produced.with(Serdes.String(), Serdes.Long()));
        accounts.filter((id, account) -> account.balance() < 0, Named.as("stale"))
                .to("overdrawn-before", Produced.with(Serdes.String(), accountSerde));
        // guarantees: end
        return builder;
    }
}
