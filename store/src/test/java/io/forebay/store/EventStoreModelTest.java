package io.forebay.store;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random puts, replacements, deletes and commits; every kind of query compared with a plain model. */
class EventStoreModelTest {

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
        RandomSamples samples = new RandomSamples(random, false);
        SampleComparison comparison = new SampleComparison(samples, seed);
        EventStoreBuilder<Sample> builder = EventStores.builder(StoreDriver.STORE, Sample.definition());
        SampleModel model = new SampleModel(eviction(random, builder));
        if (random.nextInt(4) == 0) {
            builder.withLoggingDisabled();
        }
        try (StoreDriver driver = new StoreDriver(builder, guarantee)) {
            for (int i = 0; i < transactions; i++) {
                SampleModel committed = model.copy();
                driver.transaction(store -> IntStream.range(0, random.nextInt(12))
                        .forEach(step -> {
                            samples.change().applyTo(store, model);
                            comparison.compare(store, model);
                            comparison.compare(store, committed, IsolationLevel.READ_COMMITTED);
                        }));
                model.commit();
                comparison.compare(driver.store(), model);
                comparison.compare(driver.store(), model, IsolationLevel.READ_COMMITTED);
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", " + guarantee, e);
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
}
