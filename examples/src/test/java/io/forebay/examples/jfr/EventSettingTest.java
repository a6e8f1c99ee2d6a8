package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EventSettingTest {

    @Test
    void speaksTheRecordersNotation() {
        JfrSettings settings = JfrSettings.defaults()
                .with("jdk.ThreadPark", EventSetting.atLeast(Duration.ofMillis(3)))
                .with("shop.Order", new EventSetting(null, null, "5/s", false));

        assertThat(settings.toRecorderSettings())
                .containsEntry("jdk.ThreadPark#enabled", "true")
                .containsEntry("jdk.ThreadPark#threshold", "3000000 ns")
                .containsEntry("jdk.CPULoad#period", "1000 ms")
                .containsEntry("shop.Order#throttle", "5/s")
                .containsEntry("shop.Order#stackTrace", "false");
        assertThat(settings.without("jdk.CPULoad").toRecorderSettings()).doesNotContainKey("jdk.CPULoad#enabled");
    }

    @Test
    void everyDefaultHasAMapping() {
        assertThat(JfrSettings.defaults().events().keySet())
                .allSatisfy(event -> assertThat(
                                EventMapping.of(event).correlator().getClass())
                        .isNotEqualTo(
                                EventMapping.of("no.such.Event").correlator().getClass()));
    }

    @Test
    void refusesContradictionsNamingTheValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventSetting.atLeast(Duration.ofMillis(-1)))
                .withMessageContaining("threshold=PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventSetting.every(Duration.ofNanos(1)))
                .withMessageContaining("period=PT0.000000001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventSetting.atMost("many"))
                .withMessageContaining("throttle=many");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventSetting(Duration.ZERO, Duration.ofSeconds(1), null, true))
                .withMessageContaining("threshold=PT0S")
                .withMessageContaining("period=PT1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JfrSettings(new TreeMap<>()))
                .withMessageContaining("at least one");
    }
}
