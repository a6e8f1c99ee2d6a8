package io.forebay.processor.plan;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in documents: a whole number and a unit, such as {@code 20ms}. */
final class PlanDuration {

    private static final Pattern FORMAT = Pattern.compile("([0-9]{1,15}) ?(ns|us|ms|s|m|h)");

    /** The units there are, largest first. */
    private enum Unit {
        h(3_600_000_000_000L),
        m(60_000_000_000L),
        s(1_000_000_000L),
        ms(1_000_000L),
        us(1_000L),
        ns(1L);

        private final long nanos;

        Unit(long nanos) {
            this.nanos = nanos;
        }
    }

    private PlanDuration() {}

    /** @throws IllegalArgumentException if it is no duration */
    static Duration parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration; expected a whole number and ns, us, ms, s, m or h, such as 20ms");
        }
        long number = Long.parseLong(matcher.group(1));
        return Duration.ofNanos(Unit.valueOf(matcher.group(2)).nanos).multipliedBy(number);
    }

    /** In the largest unit that it is a whole number of. */
    static String format(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0ms";
        }
        for (Unit unit : Unit.values()) {
            if (nanos % unit.nanos == 0) {
                return nanos / unit.nanos + unit.name();
            }
        }
        throw new AssertionError("every number is a multiple of 1");
    }
}
