package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void letsSoManyThroughPerWindow() {
        Throttle throttle = new Throttle("2/s");

        assertThat(throttle.passes(TIME)).isTrue();
        assertThat(throttle.passes(TIME.plusMillis(1))).isTrue();
        assertThat(throttle.passes(TIME.plusMillis(999))).isFalse();
        assertThat(throttle.passes(TIME.plusMillis(1000))).isTrue();
        assertThat(throttle.passes(TIME.plusMillis(1001))).isTrue();
        assertThat(throttle.passes(TIME.plusMillis(1002))).isFalse();
    }

    @Test
    void knowsItsUnit() {
        Throttle throttle = new Throttle("1/ms");

        assertThat(throttle.passes(TIME)).isTrue();
        assertThat(throttle.passes(TIME.plusNanos(999_999))).isFalse();
        assertThat(throttle.passes(TIME.plusMillis(1))).isTrue();
    }
}
