package io.forebay.benchmarks.processor;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.benchmarks.cases.Tally;
import io.forebay.store.LatestByKeyQuery;
import io.forebay.store.Versioned;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * All updates of a topic through a step. The clock runs from the first update to the end of a clean close; then everything is committed and
 * in the store's files. Another application of the same kind takes a warm-up topic before. Afterwards the store is opened again,
 * and what it has of every key is compared with the newest update.
 */
final class UpdateCase {

    private UpdateCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        UpdateStep step = args.choice("way", UpdateStep.class);
        run(step, args, "warm-" + args.get("id"), args.get("warm-up-topic"), args.number("warm-up"));
        System.gc();
        figure("seconds", run(step, args, args.get("id"), args.get("topic"), args.number("updates")));
        figure("lost", lost(step, args));
    }

    private static double run(UpdateStep step, CaseArguments args, String id, String topic, int count)
            throws InterruptedException {
        Tally tally = new Tally(count - 1L);
        try (StepApplication application = new StepApplication(step.topology(topic, tally), args, id)) {
            tally.await();
        }
        return CaseArguments.secondsSince(tally.startNanos());
    }

    private static long lost(UpdateStep step, CaseArguments args) throws Exception {
        if (step == UpdateStep.NOTHING || step == UpdateStep.VERSIONED) {
            return 0; // the one has no store, the other no queries for all keys at once
        }
        long lost = 0;
        Tally nothing = new Tally(-1);
        try (StepApplication application =
                new StepApplication(step.topology(args.get("topic"), nothing), args, args.get("id"))) {
            KafkaStreams streams = application.awaitRunning();
            long[] newest = new Updates(args.number("updates"), args.number("keys")).newest();
            for (int key = 0; key < newest.length; key++) {
                byte[] value = value(step, streams, Updates.keyBytes(key));
                if ((value == null ? -1 : Updates.version(value)) != newest[key]) {
                    lost++;
                }
            }
        }
        return lost;
    }

    private static byte @Nullable [] value(UpdateStep step, KafkaStreams streams, byte[] key) {
        if (step == UpdateStep.PUT_NEWER) {
            Optional<Versioned<byte[], byte[]>> found = streams.query(StateQueryRequest.inStore(UpdateStep.STORE)
                            .withQuery(new LatestByKeyQuery<byte[], byte[]>(key)))
                    .getOnlyPartitionResult()
                    .getResult();
            return found.map(Versioned::value).orElse(null);
        }
        ReadOnlyKeyValueStore<byte[], byte[]> store = streams.store(
                StoreQueryParameters.fromNameAndType(UpdateStep.STORE, QueryableStoreTypes.keyValueStore()));
        return store.get(key);
    }
}
