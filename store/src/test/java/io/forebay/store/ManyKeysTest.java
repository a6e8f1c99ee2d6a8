package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conditions that more keys of an index meet than are merged, alone and beside others, against the model. */
class ManyKeysTest {

    private static final int SAMPLES = 3 * QueryPlan.MOST_KEYS;

    @Test
    void answersAsTheModelDoesHoweverManyKeysAConditionHas() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        SampleModel model = new SampleModel();
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            List<Sample> samples = samples(random);
            putAll(driver, samples, model);
            putAll(driver, samples(random).subList(0, 500), model); // replaces
            putAll(driver, samples(random).subList(500, 600), model); // stays in memory
            for (int i = 0; i < 200; i++) {
                EventQuery<Sample> query = query(random);
                List<Sample> expected = model.all(query);
                assertThat(driver.store().query(query).events())
                        .as("seed %d, %s", seed, query)
                        .isEqualTo(model.query(query));
                assertThat(driver.store().count(query))
                        .as("seed %d, %s", seed, query)
                        .isEqualTo(expected.size());
            }
            EventValuesQuery modules = EventValuesQuery.of("function").limit(SAMPLES);
            assertThat(driver.store().values(modules)).as("seed %d", seed).isEqualTo(model.values(modules));
        }
    }

    private static void putAll(StoreDriver driver, List<Sample> samples, SampleModel model) {
        driver.transaction(store -> store.putAll(samples));
        samples.forEach(model::put);
    }

    private static List<Sample> samples(Random random) {
        List<Sample> samples = new ArrayList<>(IntStream.range(0, SAMPLES)
                .mapToObj(i -> new Sample(
                        "id" + i,
                        random.nextInt(1_000),
                        "p" + random.nextInt(500),
                        "m" + random.nextInt(SAMPLES),
                        "f" + random.nextInt(3),
                        List.of(),
                        (long) random.nextInt(SAMPLES)))
                .toList());
        Collections.shuffle(samples, random);
        return samples;
    }

    /** From no key to all of them, around the bounds more often. */
    private static EventQuery<Sample> query(Random random) {
        EventQuery<Sample> query = EventQuery.<Sample>all()
                .limit(1 + random.nextInt(50))
                .order(random.nextBoolean() ? Order.ASC : Order.DESC);
        if (random.nextInt(3) == 0) {
            query = query.equal("process", "p" + random.nextInt(500));
        }
        if (random.nextInt(3) == 0) {
            query = query.equal("function", null, "f" + random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            query = query.from(Timestamps.toInstant(random.nextInt(1_000)));
        }
        long from = random.nextInt(SAMPLES);
        long width = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(4);
            case 1 -> QueryPlan.FEW_CANDIDATES + random.nextInt(80);
            case 2 -> 3L * QueryPlan.MOST_KEYS / 2 + random.nextInt(100);
            default -> SAMPLES;
        };
        return query.between("size", from, random.nextInt(4) == 0 ? null : from + width);
    }
}
