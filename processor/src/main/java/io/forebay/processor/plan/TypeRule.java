package io.forebay.processor.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which events of one type are captured. Immutable.
 *
 * @param capture whether any are
 * @param minDuration only those that took at least so long, an event without a duration passes; null leaves it to the
 *     agent
 * @param maxPerSecond at most so many in a second, of one type and one agent; null leaves it to the agent
 * @param sample this share of those that are left, picked at random: above 0, up to 1
 */
public record TypeRule(
        boolean capture,
        @Nullable Duration minDuration,
        @Nullable Integer maxPerSecond,
        double sample) {

    /** Every event. */
    public static final TypeRule ALL = new TypeRule(true, null, null, 1);

    /** No event. */
    public static final TypeRule NONE = new TypeRule(false, null, null, 1);

    private static final Duration LONGEST = Duration.ofDays(1);

    /** Refuses values that are out of range, and conditions on what is not captured at all. */
    public TypeRule {
        if (minDuration != null && (minDuration.isNegative() || minDuration.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "minDuration=" + minDuration + " must be from 0 to " + LONGEST.toHours() + " hours");
        }
        if (maxPerSecond != null && maxPerSecond < 1) {
            throw new IllegalArgumentException(
                    "maxPerSecond=" + maxPerSecond + " must be at least 1; capture=false captures none");
        }
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException(
                    "sample=" + sample + " must be above 0 and at most 1; capture=false captures none");
        }
        if (!capture && (minDuration != null || maxPerSecond != null || sample != 1)) {
            throw new IllegalArgumentException("capture=false, and a condition besides (minDuration=" + minDuration
                    + ", maxPerSecond=" + maxPerSecond + ", sample=" + sample + "): leave one of them out");
        }
    }

    /** This rule for events that took at least {@code duration}. */
    public TypeRule withMinDuration(Duration duration) {
        return new TypeRule(capture, duration, maxPerSecond, sample);
    }

    /** This rule for at most {@code events} in a second. */
    public TypeRule withMaxPerSecond(int events) {
        return new TypeRule(capture, minDuration, events, sample);
    }

    /** This rule for a share of the events, above 0 and up to 1. */
    public TypeRule withSample(double share) {
        return new TypeRule(capture, minDuration, maxPerSecond, share);
    }
}
