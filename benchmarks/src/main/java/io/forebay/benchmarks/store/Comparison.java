package io.forebay.benchmarks.store;

import io.forebay.store.EventQuery;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Compares what is in a store with what was sent: by count, and by samples of events and of index entries. */
final class Comparison {

    private static final int SAMPLES = 2_000;

    private Comparison() {}

    /** How many events, or index entries of the samples, are not there or not as they were sent. */
    static long lost(EventReads store, SampleEvents sent) {
        long lost = Math.abs(sent.count() - store.count());
        for (int sample = 0; sample < SAMPLES; sample++) {
            SampleEvent event = sent.get(spread(sample, sent.count()));
            if (!store.get(event.id()).filter(event::equals).isPresent()) {
                lost++;
            }
        }
        for (int sample = 0; sample < SAMPLES / SampleEvents.CORRELATED; sample++) {
            lost += lostOfCorrelation(store, sent, spread(sample, sent.correlations()));
        }
        return lost;
    }

    private static long lostOfCorrelation(EventReads store, SampleEvents sent, int correlation) {
        Set<String> missing = new HashSet<>(sent.idsOf(correlation));
        EventQuery<SampleEvent> query =
                EventQuery.<SampleEvent>all().equal(SampleEvents.CORRELATION, SampleEvents.correlation(correlation));
        Set<String> found =
                store.query(query).events().stream().map(SampleEvent::id).collect(Collectors.toSet());
        missing.removeAll(found);
        return missing.size();
    }

    /** How many events a built-in store lacks. */
    static long lost(ReadOnlyKeyValueStore<Bytes, SampleEvent> store, SampleEvents sent) {
        long count = 0;
        try (KeyValueIterator<Bytes, SampleEvent> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, SampleEvent> next = all.next();
                count += BuiltInStores.id(next.value).equals(next.key) ? 1 : 0;
            }
        }
        return Math.abs(sent.count() - count);
    }

    private static int spread(int sample, int count) {
        return (int) (sample * 2_654_435_761L % count);
    }
}
