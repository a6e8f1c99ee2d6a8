package io.forebay.processor.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.buffer.RetryPolicy;
import io.forebay.processor.BatchWriter;
import io.forebay.processor.EventIndexer;
import io.forebay.processor.PutNewer;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventIndex;
import io.forebay.store.EventStores;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStores;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.processor.PunctuationType;
import org.awaitility.Awaitility;

/** The steps that have to get through everything, each with what must be true of it in the end. */
enum Step {
    /** An indexer that forwards what it has indexed. */
    INDEXER {
        @Override
        KStream<String, String> add(KStream<String, String> input, FaultSettings settings, ExternalTarget target) {
            EventDefinition<String> definition = EventDefinition.builder(Serdes.String())
                    .id(value -> value)
                    .timestampNanos(value -> Long.parseLong(value.substring(value.indexOf(':') + 1)))
                    .index(EventIndex.ofString("key", value -> value.substring(0, value.indexOf(':'))))
                    .build();
            return input.process(EventIndexer.<String, String>builder(EventStores.builder("events", definition))
                    .flushInterval(LONGER_THAN_A_COMMIT, PunctuationType.WALL_CLOCK_TIME)
                    .build());
        }

        /** What a new instance would restore. */
        @Override
        void assertRest(Outcome outcome) {
            List<String> logged = outcome.topic(outcome.settings().applicationId() + "-events-changelog").stream()
                    .map(Outcome::keyOf)
                    .toList();
            outcome.assertComplete("changelog", logged);
        }
    },

    /** A writer that forwards what has been acknowledged. */
    WRITER {
        @Override
        KStream<String, String> add(KStream<String, String> input, FaultSettings settings, ExternalTarget target) {
            return input.process(BatchWriter.<String, String>blocking("external", target::write)
                    .maxBatchRecords(20)
                    .maxInFlight(4)
                    .maxBufferedRecords(400)
                    .linger(LONGER_THAN_A_COMMIT)
                    .callTimeout(Duration.ofMillis(250))
                    .retry(new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(200), 2, 0.2))
                    .build());
        }

        /** The target has everything; what was written for the first time, was so in the order of its key. */
        @Override
        void assertRest(Outcome outcome) throws IOException {
            outcome.assertInOrder(
                    "the external target",
                    ExternalTarget.read(outcome.settings().target()));
        }
    },

    /** Newest wins, with a store, whatever the order in which versions come. */
    PUT_NEWER {
        @Override
        KStream<String, String> add(KStream<String, String> input, FaultSettings settings, ExternalTarget target) {
            LatestDefinition<String, String> definition = LatestDefinition.of(Serdes.String(), Serdes.String());
            return Update.allOf(input, Update::outOfOrder)
                    .process(PutNewer.builder(
                                    LatestStores.builder("newest", definition), Update.version(Update::outOfOrder))
                            .flushInterval(LONGER_THAN_A_COMMIT, PunctuationType.WALL_CLOCK_TIME)
                            .build());
        }

        @Override
        void assertOutput(Outcome outcome) {
            Awaitility.await("the newest of each key")
                    .atMost(StepsApplication.PATIENCE)
                    .untilAsserted(
                            () -> Emitted.of(outcome, this, Update::outOfOrder).assertNewest());
            Emitted.of(outcome, this, Update::outOfOrder).assertOrder();
        }

        /** What a new instance would restore: the newest of each key. */
        @Override
        void assertRest(Outcome outcome) {
            Map<String, LoggedUpdate> logged = new LinkedHashMap<>();
            for (ConsumerRecord<byte[], byte[]> record :
                    outcome.topic(outcome.settings().applicationId() + "-newest-changelog")) {
                if (outcome.input().containsKey(Outcome.keyOf(record))) { // the store has records of its own
                    logged.put(Outcome.keyOf(record), LoggedUpdate.read(record.value()));
                }
            }
            Map<String, LoggedUpdate> expected = new LinkedHashMap<>();
            Outcome.lastOf(outcome.newestSoFar(Update::outOfOrder))
                    .forEach((key, update) -> expected.put(key, LoggedUpdate.of(update)));
            assertThat(logged).as("changelog").isEqualTo(expected);
        }
    },

    /** Newest wins, without a store: emits with every commit. What is stale it knows only until then: so nothing is. */
    PUT_NEWER_WITHOUT_STORE {
        @Override
        KStream<String, String> add(KStream<String, String> input, FaultSettings settings, ExternalTarget target) {
            return Update.allOf(input, Update::rising)
                    .process(PutNewer.withoutStore("window", Update.version(Update::rising))
                            .flushInterval(LONGER_THAN_A_COMMIT, PunctuationType.WALL_CLOCK_TIME)
                            .build());
        }

        @Override
        void assertOutput(Outcome outcome) {
            Emitted emitted = Emitted.of(outcome, this, Update::rising);
            emitted.assertNewest();
            emitted.assertOrder();
        }
    },

    /** The mistake that all of this is about: a buffer that is flushed by time and size, and not before a commit. */
    FORGETFUL {
        @Override
        KStream<String, String> add(KStream<String, String> input, FaultSettings settings, ExternalTarget target) {
            return input.process(ForgetfulBuffer::new);
        }
    };

    static final Set<Step> ALL = Set.of(INDEXER, WRITER, PUT_NEWER, PUT_NEWER_WITHOUT_STORE);

    /** Commits find something in the buffers. */
    static final Duration LONGER_THAN_A_COMMIT = Duration.ofMillis(700);

    /** Puts the step behind the input; what comes out of it is written to a topic. */
    abstract KStream<String, String> add(KStream<String, String> input, FaultSettings settings, ExternalTarget target);

    /** What must be true of its output topic: everything is there, in order; and under exactly-once nothing twice. */
    void assertOutput(Outcome outcome) {
        List<String> values = outcome.topic(outcome.settings().output(this)).stream()
                .map(Outcome::valueOf)
                .toList();
        outcome.assertInOrder("the output of " + this, values);
        outcome.assertComplete("the output of " + this, values);
    }

    /** What must be true beyond its output topic. */
    void assertRest(Outcome outcome) throws IOException {}
}
