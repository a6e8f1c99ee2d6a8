package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
    @Test
    void nowKnowsTheThreadAndGivesEachEventAnIdOfItsOwn() {
        var one = Events.now("tick").build();
        var other = Events.now("tick").build();
        assertThat(one.getProcess()).isEqualTo(Thread.currentThread().getName());
        assertThat(one.getId()).isNotEqualTo(other.getId());
        assertThat(one.getAttributes()).isEmpty();
    }

    @Test
    void hereKnowsTheCaller() {
        var event = Events.here("call").build();
        assertThat(event.getModule()).isEqualTo(EventsTest.class.getName());
        assertThat(event.getFunction()).isEqualTo("hereKnowsTheCaller");
    }

    @Test
    void tookSaysWhenAndHowLong() {
        var event = Events.took("query", Instant.EPOCH, Duration.ofMillis(12)).build();
        assertThat(event.getTimestamp()).isEqualTo(Instant.EPOCH);
        assertThat(event.getDurationNanos()).isEqualTo(12_000_000);
        assertThatThrownBy(() -> Events.took("query", Instant.EPOCH, Duration.ofDays(200_000)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void attributesBecomeTexts() {
        Map<String, Object> values = new HashMap<>();
        values.put("count", 3);
        values.put("missing", null);
        assertThat(Events.attributes(values)).containsExactly(Map.entry("count", "3"));
    }

    @Test
    void timestampsAreExactOverTheirWholeRange() {
        for (long nanos : new long[] {0, 1, -1, 1_767_268_800_123_456_789L, Long.MAX_VALUE, Long.MIN_VALUE}) {
            var event = SampleEvents.minimal();
            event.setTimestamp(
                    Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L)));
            assertThat(Events.timestampNanos(event)).isEqualTo(nanos);
        }
        var tooLate = SampleEvents.minimal();
        tooLate.setTimestamp(Instant.parse("2263-01-01T00:00:00Z"));
        assertThatThrownBy(() -> Events.timestampNanos(tooLate)).isInstanceOf(ArithmeticException.class);
    }
}
