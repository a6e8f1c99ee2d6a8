package io.forebay.examples.jfr;

import io.forebay.processor.plan.TypeRule;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * How one type of flight recorder event is recorded. What is null is left to the JVM's default for that type; what a JVM
 * does not know for a type (JDK 17 cannot throttle exceptions, for instance) it ignores.
 *
 * @param threshold shortest duration that is recorded, or null; zero records every one
 * @param period how often a sampled event is taken, at least a millisecond, or null
 * @param throttle upper bound of events per unit of time, such as {@code 150/s}, or null
 * @param stackTrace whether the stack trace is recorded, which module and function of an event are read from
 */
public record EventSetting(
        @Nullable Duration threshold,
        @Nullable Duration period,
        @Nullable String throttle,
        boolean stackTrace) {

    private static final Pattern THROTTLE = Pattern.compile("off|[1-9][0-9]{0,9}/(ns|us|ms|s|m|h|d)");

    /** Refuses values the flight recorder would silently ignore. */
    public EventSetting {
        if (threshold != null && threshold.isNegative()) {
            throw new IllegalArgumentException("threshold=" + threshold + " is negative");
        }
        if (period != null && period.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("period=" + period + " is shorter than a millisecond");
        }
        if (threshold != null && period != null) {
            throw new IllegalArgumentException("threshold=" + threshold + " and period=" + period
                    + ": an event is either timed (threshold) or sampled (period)");
        }
        if (throttle != null && !THROTTLE.matcher(throttle).matches()) {
            throw new IllegalArgumentException("throttle=" + throttle + " is not of the form 150/s");
        }
    }

    /** Every event of the type, without a threshold. */
    public static EventSetting always() {
        return new EventSetting(null, null, null, true);
    }

    /** Events that took at least {@code threshold}. */
    public static EventSetting atLeast(Duration threshold) {
        return new EventSetting(threshold, null, null, true);
    }

    /** One sample per {@code period}. */
    public static EventSetting every(Duration period) {
        return new EventSetting(null, period, null, true);
    }

    /** At most {@code throttle} events, such as {@code 150/s}. */
    public static EventSetting atMost(String throttle) {
        return new EventSetting(null, null, throttle, true);
    }

    /** This setting with what a rule of a capture plan says instead; an event that is sampled by time has no threshold. */
    EventSetting following(TypeRule rule) {
        Duration ruled = period == null ? rule.minDuration() : null;
        Integer max = rule.maxPerSecond();
        return new EventSetting(
                ruled == null ? threshold : ruled, period, max == null ? throttle : max + "/s", stackTrace);
    }

    /**
     * Whether an event took less time than the threshold. Another recording of the observed JVM may have a lower one, and
     * both then see what the lower one lets pass. Zero is how Java 17 writes that an event has no duration.
     */
    boolean isTooShort(RecordedEvent event) {
        if (threshold == null) {
            return false;
        }
        Duration duration = event.getDuration();
        return !duration.isZero() && duration.compareTo(threshold) < 0;
    }

    /** Adds this setting to {@code settings} in the flight recorder's own notation, {@code event#name=value}. */
    void addTo(Map<String, String> settings, String event) {
        settings.put(event + "#enabled", "true");
        settings.put(event + "#stackTrace", Boolean.toString(stackTrace));
        if (threshold != null) {
            settings.put(event + "#threshold", threshold.toNanos() + " ns");
        }
        if (period != null) {
            settings.put(event + "#period", period.toMillis() + " ms");
        }
        if (throttle != null) {
            settings.put(event + "#throttle", throttle);
        }
    }
}
