package io.forebay.store;

import io.forebay.store.StoreLife.Circumstances;
import java.io.File;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lives of stores as random sequences, under both guarantees, with a changelog and without. */
abstract class CrashModelTest {

    private final int lives;
    private final int livesForLong;
    private final int steps;

    CrashModelTest(int lives, int livesForLong, int steps) {
        this.lives = lives;
        this.livesForLong = livesForLong;
        this.steps = steps;
    }

    abstract StoreLife<?, ?, ?> begin(Circumstances circumstances);

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void remainsWhatTheModelIs(String guarantee, boolean logged) throws Exception {
        play(guarantee, logged, lives);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void remainsWhatTheModelIsForLong(String guarantee, boolean logged) throws Exception {
        play(guarantee, logged, livesForLong);
    }

    private void play(String guarantee, boolean logged, int howMany) throws Exception {
        long firstSeed = System.nanoTime();
        File directory = Path.of("target", "state", getClass().getSimpleName() + "-" + Long.toString(firstSeed, 36))
                .toFile();
        for (int i = 0; i < howMany; i++) {
            long seed = firstSeed + i;
            try (StoreLife<?, ?, ?> life = begin(new Circumstances(seed, guarantee, logged, directory))) {
                life.live(steps);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", " + guarantee + ", logged " + logged, e);
            } finally {
                Utils.delete(directory);
            }
        }
    }
}
