package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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
                driver.transaction(
                        store -> IntStream.range(0, random.nextInt(12)).forEach(step -> {
                            change(random, store, model);
                            compare(random, store, model, seed);
                        }));
                model.commit();
                compare(random, driver.store(), model, seed);
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
        String id = "id" + random.nextInt(25);
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

    static void compare(Random random, EventStore<Sample> store, SampleModel model, long seed) {
        EventQuery<Sample> query = query(random);
        assertThat(store.query(query).events()).as("seed %d, %s", seed, query).isEqualTo(model.query(query));
        String id = "id" + random.nextInt(25);
        Sample expected = model.samples().get(id);
        assertThat(store.get(id).orElse(null)).as("seed %d, get %s", seed, id).isEqualTo(expected);
        assertThat(store.contains(id)).as("seed %d, contains %s", seed, id).isEqualTo(expected != null);
        compareStats(store.stats(), model, seed);
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
        return random.nextInt(4) == 0 ? query.equal("size", random.nextInt(3) - 1L) : query;
    }

    private static String name(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
