package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.TypeRule;
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
    void aPlanChangesTypesThresholdsAndRates() {
        JfrSettings defaults = JfrSettings.defaults();
        JfrSettings settings = defaults.following(CapturePlan.EVERYTHING
                .with("jdk.FileRead", TypeRule.ALL.withMinDuration(Duration.ofMillis(7)))
                .with("jdk.FileWrite", TypeRule.NONE)
                .with("jdk.CPULoad", TypeRule.ALL.withMinDuration(Duration.ofMillis(7)))
                .with("jdk.JavaExceptionThrow", TypeRule.ALL.withMaxPerSecond(5))
                .with("shop.Order", TypeRule.ALL));
        assertThat(settings.toRecorderSettings())
                .containsEntry("jdk.FileRead#threshold", "7000000 ns")
                .doesNotContainKey("jdk.FileWrite#enabled")
                .containsEntry("jdk.CPULoad#period", "1000 ms")
                .doesNotContainKey("jdk.CPULoad#threshold")
                .containsEntry("jdk.JavaExceptionThrow#throttle", "5/s")
                .containsEntry("shop.Order#enabled", "true")
                .containsEntry("jdk.ThreadPark#threshold", "20000000 ns");
        assertThat(defaults.following(CapturePlan.EVERYTHING)).isEqualTo(defaults);
        JfrSettings few = defaults.following(
                CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE).with("jdk.FileRead", TypeRule.ALL));
        assertThat(few.events()).containsOnlyKeys("jdk.FileRead");
        assertThat(few.events().get("jdk.FileRead")).isEqualTo(EventSetting.atLeast(Duration.ofMillis(1)));
        assertThat(defaults.following(CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE))
                        .events())
                .isEmpty();
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
