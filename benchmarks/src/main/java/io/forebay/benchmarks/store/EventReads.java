package io.forebay.benchmarks.store;

import io.forebay.store.EventPage;
import io.forebay.store.EventQuery;
import io.forebay.store.ReadOnlyEventStore;
import java.util.Optional;

/** What a comparison with what was sent needs of an event store, near or in another thread. */
interface EventReads {

    long count();

    Optional<SampleEvent> get(String id);

    EventPage<SampleEvent> query(EventQuery<SampleEvent> query);

    static EventReads of(ReadOnlyEventStore<SampleEvent> store) {
        return new EventReads() {
            @Override
            public long count() {
                return store.stats().total();
            }

            @Override
            public Optional<SampleEvent> get(String id) {
                return store.get(id);
            }

            @Override
            public EventPage<SampleEvent> query(EventQuery<SampleEvent> query) {
                return store.query(query);
            }
        };
    }
}
