package io.forebay.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventRateTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final EventRate rate = new EventRate();

    @Test
    void aPointIsWhatGrewDividedByTheTimeThatReallyPassed() {
        sample(0, 100);
        sample(1_000, 150);
        sample(3_000, 250);
        assertThat(rate.last(Duration.ofMinutes(2), at(3_000)))
                .containsExactly(
                        new EventRate.Point(at(1_000), 1, Map.of("indexed", 50.0)),
                        new EventRate.Point(at(3_000), 2, Map.of("indexed", 50.0)));
    }

    @Test
    void aCounterThatGoesBackHasNotGrown() {
        sample(0, 100);
        sample(1_000, 10);
        assertThat(rate.last(Duration.ofMinutes(2), at(1_000)))
                .containsExactly(new EventRate.Point(at(1_000), 1, Map.of("indexed", 0.0)));
    }

    @Test
    void aMissingSampleLeavesAGap() {
        sample(0, 0);
        sample(1_000, 10);
        rate.skip();
        sample(3_000, 90);
        sample(4_000, 100);
        assertThat(rate.last(Duration.ofMinutes(2), at(4_000)))
                .extracting(EventRate.Point::end)
                .containsExactly(at(1_000), at(4_000));
    }

    @Test
    void onlyTheTimeAskedForIsGivenAndOnlyTheTimeKeptIsKept() {
        for (int second = 0; second <= 2_000; second++) {
            sample(second * 1_000L, second);
        }
        assertThat(rate.last(Duration.ofSeconds(120), at(2_000_000))).hasSize(121);
        assertThat(rate.last(Duration.ofDays(1), at(2_000_000))).hasSize(EventRate.MAX_SECONDS + 1);
    }

    private void sample(long millis, long indexed) {
        rate.sample(at(millis), millis * 1_000_000, Map.of("indexed", indexed));
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }
}
