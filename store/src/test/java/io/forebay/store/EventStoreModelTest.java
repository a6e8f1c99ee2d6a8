package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random puts, replacements, deletes and commits; every kind of query compared with a plain model. */
class EventStoreModelTest {

    private static final List<String> NAMES = List.of("a", "a\0", "b", "ab", "", "\0", "ä", "z\u00ff");

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void answersAsTheModelDoes(String guarantee) {
        long seed = System.nanoTime();
        for (int round = 0; round < 20; round++) {
            runRound(seed + round, guarantee, 30);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void answersAsTheModelDoesForLong(String guarantee) {
        long seed = System.nanoTime();
        for (int round = 0; round < 1_000; round++) {
            runRound(seed + round, guarantee, 60);
        }
    }

    private static void runRound(long seed, String guarantee, int transactions) {
        Random random = new Random(seed);
        EventStoreBuilder<Sample> builder = EventStores.builder(StoreDriver.STORE, Sample.definition());
        SampleModel model = new SampleModel(eviction(random, builder));
        if (random.nextInt(4) == 0) {
            builder.withLoggingDisabled();
        }
        try (StoreDriver driver = new StoreDriver(builder, guarantee)) {
            for (int i = 0; i < transactions; i++) {
                SampleModel committed = model.copy();
                driver.transaction(
                        store -> IntStream.range(0, random.nextInt(12)).forEach(step -> {
                            change(random, store, model);
                            compare(random, store, model, committed, seed);
                        }));
                model.commit();
                compare(random, driver.store(), model, model, seed);
            }
        }
    }

    private static Eviction eviction(Random random, EventStoreBuilder<Sample> builder) {
        Duration retention = random.nextInt(3) == 0 ? Duration.ofNanos(1 + random.nextInt(8)) : null;
        long maxEvents = random.nextInt(3) == 0 ? 1 + random.nextInt(15) : Long.MAX_VALUE;
        if (retention != null) {
            builder.retention(retention);
        }
        builder.maxEvents(maxEvents);
        return new Eviction(retention, maxEvents);
    }

    private static void change(Random random, EventStore<Sample> store, SampleModel model) {
        String id = id(random);
        int kind = random.nextInt(25);
        if (kind < 4) {
            store.delete(id);
            model.delete(id);
        } else if (kind == 4) {
            long cutoff = random.nextInt(8) - 6L;
            assertThat(store.deleteBefore(Timestamps.toInstant(cutoff))).isEqualTo(model.deleteBefore(cutoff));
        } else {
            Sample sample = sample(random, id);
            assertThat(store.put(sample)).isEqualTo(model.put(sample));
        }
    }

    static Sample sample(Random random, String id) {
        long timestamp = random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(10) - 5;
        return new Sample(
                id,
                timestamp,
                random.nextInt(5) == 0 ? null : name(random),
                random.nextInt(5) == 0 ? null : name(random),
                random.nextInt(5) == 0 ? null : name(random),
                IntStream.range(0, random.nextInt(3)).mapToObj(i -> "tag" + i).toList(),
                random.nextInt(5) == 0 ? null : (long) random.nextInt(3) - 1);
    }

    private static void compare(
            Random random, EventStore<Sample> store, SampleModel model, SampleModel committed, long seed) {
        compare(random, store, model, seed);
        compareIsolated(random, store, committed, IsolationLevel.READ_COMMITTED, seed);
    }

    /** Compares the freshest that is to be seen. */
    static void compare(Random random, EventStore<Sample> store, SampleModel model, long seed) {
        compareIsolated(random, store, model, IsolationLevel.READ_UNCOMMITTED, seed);
        String id = id(random);
        assertThat(store.contains(id))
                .as("seed %d, contains %s", seed, id)
                .isEqualTo(model.samples().containsKey(id));
        compareStats(store.stats(), model, seed);
    }

    private static void compareIsolated(
            Random random, EventStore<Sample> store, SampleModel model, IsolationLevel isolation, long seed) {
        EventQuery<Sample> query = query(random).isolation(isolation);
        compareAnswers(store, query, model, seed);
        String id = id(random);
        assertThat(store.get(new EventByIdQuery<>(id, isolation)).orElse(null))
                .as("seed %d, get %s %s", seed, id, isolation)
                .isEqualTo(model.samples().get(id));
        List<String> ids =
                Stream.generate(() -> id(random)).limit(random.nextInt(10)).toList();
        assertThat(List.copyOf(
                        store.getAll(new EventsByIdsQuery<>(ids, isolation)).entrySet()))
                .as("seed %d, get all %s %s", seed, ids, isolation)
                .isEqualTo(ids.stream()
                        .distinct()
                        .filter(model.samples()::containsKey)
                        .map(wanted -> Map.entry(
                                wanted, Objects.requireNonNull(model.samples().get(wanted))))
                        .toList());
        EventValuesQuery values = values(random).isolation(isolation);
        assertThat(store.values(values)).as("seed %d, %s", seed, values).isEqualTo(model.values(values));
    }

    /** As a page, page by page, as a whole, and as a number. */
    private static void compareAnswers(
            EventStore<Sample> store, EventQuery<Sample> query, SampleModel model, long seed) {
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

    private static String id(Random random) {
        return "id" + random.nextInt(25);
    }

    private static EventValuesQuery values(Random random) {
        EventValuesQuery query = switch (random.nextInt(5)) {
            case 0 -> EventValuesQuery.of("process");
            case 1 -> EventValuesQuery.of("function");
            case 2 -> EventValuesQuery.of("function", name(random));
            case 3 -> EventValuesQuery.of("tag");
            default -> EventValuesQuery.of("size").after(random.nextBoolean() ? null : random.nextInt(4) - 2L);
        };
        boolean after = !query.index().equals("size") && random.nextBoolean();
        return (after ? query.after(name(random)) : query).limit(1 + random.nextInt(10));
    }

    static void compareStats(EventStoreStats stats, SampleModel model, long seed) {
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

    private static EventQuery<Sample> query(Random random) {
        EventQuery<Sample> query = EventQuery.<Sample>all()
                .limit(1 + random.nextInt(30))
                .order(random.nextBoolean() ? Order.ASC : Order.DESC);
        if (random.nextBoolean()) {
            query = query.from(Timestamps.toInstant(random.nextInt(6) - 5L));
        }
        if (random.nextBoolean()) {
            query = query.to(Timestamps.toInstant(random.nextInt(6)));
        }
        if (random.nextInt(3) == 0) {
            query = query.equal("process", name(random));
        }
        switch (random.nextInt(6)) {
            case 0 -> query = query.equal("function", name(random), name(random));
            case 1 -> query = query.equal("function", name(random));
            case 2 -> query = query.equal("function", null, name(random));
            default -> {
                // no condition on the function
            }
        }
        if (random.nextInt(4) == 0) {
            query = query.equal("tag", "tag" + random.nextInt(3));
        }
        return switch (random.nextInt(8)) {
            case 0, 1 -> query.equal("size", random.nextInt(3) - 1L);
            case 2 -> query.between("size", random.nextInt(2) - 1L, (long) random.nextInt(2));
            case 3 -> query.between("size", null, random.nextInt(4) - 2L);
            case 4 -> query.between("size", random.nextInt(4) - 2L, null);
            default -> query;
        };
    }

    private static String name(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
