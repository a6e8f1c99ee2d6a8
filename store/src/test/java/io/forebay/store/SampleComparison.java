package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;

/** Compares what a store answers to random questions with what a model does. */
record SampleComparison(RandomSamples samples, long seed) {

    /** Compares the freshest that is to be seen. */
    void compare(EventStore<Sample> store, SampleModel model) {
        compare(store, model, IsolationLevel.READ_UNCOMMITTED);
        String id = samples.id();
        assertThat(store.contains(id))
                .as("seed %d, contains %s", seed, id)
                .isEqualTo(model.samples().containsKey(id));
        compareStats(store.stats(), model);
    }

    void compare(EventStore<Sample> store, SampleModel model, IsolationLevel isolation) {
        EventQuery<Sample> query = samples.query().isolation(isolation);
        compareAnswers(store, query, model);
        String id = samples.id();
        assertThat(store.get(new EventByIdQuery<>(id, isolation)).orElse(null))
                .as("seed %d, get %s %s", seed, id, isolation)
                .isEqualTo(model.samples().get(id));
        List<String> ids =
                Stream.generate(samples::id).limit(samples.random().nextInt(10)).toList();
        assertThat(List.copyOf(
                        store.getAll(new EventsByIdsQuery<>(ids, isolation)).entrySet()))
                .as("seed %d, get all %s %s", seed, ids, isolation)
                .isEqualTo(ids.stream()
                        .distinct()
                        .filter(model.samples()::containsKey)
                        .map(wanted -> Map.entry(
                                wanted, Objects.requireNonNull(model.samples().get(wanted))))
                        .toList());
        EventValuesQuery values = samples.values().isolation(isolation);
        assertThat(store.values(values)).as("seed %d, %s", seed, values).isEqualTo(model.values(values));
    }

    /** As a page, page by page, as a whole, and as a number. */
    private void compareAnswers(EventStore<Sample> store, EventQuery<Sample> query, SampleModel model) {
        List<Sample> all = model.all(query);
        EventPage<Sample> page = store.query(query);
        assertThat(page.events()).as("seed %d, %s", seed, query).isEqualTo(model.query(query));
        assertThat(page.next() != null).as("seed %d, more of %s", seed, query).isEqualTo(all.size() > query.limit());
        assertThat(Pages.all(store, query))
                .as("seed %d, pages of %s", seed, query)
                .isEqualTo(all);
        assertThat(store.count(query)).as("seed %d, count %s", seed, query).isEqualTo(all.size());
        assertThat(store.count(query.after(page.next())))
                .as("seed %d, rest of %s", seed, query)
                .isEqualTo(page.next() == null ? all.size() : all.size() - query.limit());
        try (EventIterator<Sample> iterator = store.scan(query)) {
            assertThat(iterator)
                    .toIterable()
                    .as("seed %d, scan %s", seed, query)
                    .containsExactlyElementsOf(all);
        }
    }

    void compareStats(EventStoreStats stats, SampleModel model) {
        assertThat(stats.total())
                .as("seed %d, total", seed)
                .isEqualTo(model.samples().size());
        assertThat(stats.evicted()).as("seed %d, evicted", seed).isEqualTo(model.evicted());
        assertThat(stats.late()).as("seed %d, late", seed).isEqualTo(model.late());
        List<Instant> timestamps = model.samples().values().stream()
                .map(sample -> Timestamps.toInstant(sample.timestampNanos()))
                .sorted()
                .toList();
        assertThat(stats.oldest())
                .as("seed %d, oldest", seed)
                .isEqualTo(timestamps.isEmpty() ? null : timestamps.get(0));
        assertThat(stats.newest())
                .as("seed %d, newest", seed)
                .isEqualTo(timestamps.isEmpty() ? null : timestamps.get(timestamps.size() - 1));
    }
}
