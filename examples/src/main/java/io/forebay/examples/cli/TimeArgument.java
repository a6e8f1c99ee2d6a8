package io.forebay.examples.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A point in time as people write it.
 *
 * <ul>
 *   <li>ISO-8601 with an offset: {@code 2026-01-31T12:00:00.5Z}, {@code 2026-01-31T12:00+01:00}
 *   <li>local date-time or date: {@code 2026-01-31T12:00}, {@code "2026-01-31 12:00:05"}, {@code 2026-01-31}
 *   <li>milliseconds since 1970: {@code 1769860800000}
 *   <li>relative to now: {@code -5m}, {@code -90s}, {@code -1h30m}, {@code -2d}, {@code now}
 * </ul>
 */
final class TimeArgument implements ITypeConverter<Instant> {

    static final String FORMATS = "ISO-8601 (2026-01-31T12:00:00Z), local (2026-01-31T12:00 or 2026-01-31), "
            + "epoch milliseconds, or relative (-5m, -1h30m, -2d, now)";

    /** Up to the year 2286; event times, 64-bit nanoseconds, end in 2262. */
    private static final Pattern EPOCH_MILLIS = Pattern.compile("\\d{1,13}");

    private static final Pattern RELATIVE = Pattern.compile("-(?:\\d{1,9}[dhms])+", Pattern.CASE_INSENSITIVE);
    private static final Pattern DAYS = Pattern.compile("^(\\d+D)?(.*)$");

    private final Clock clock;
    private final ZoneId zone;

    TimeArgument(Clock clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public Instant convert(String text) {
        String value = text.strip();
        try {
            if (value.equalsIgnoreCase("now")) {
                return clock.instant();
            }
            if (EPOCH_MILLIS.matcher(value).matches()) {
                return Instant.ofEpochMilli(Long.parseLong(value));
            }
            if (RELATIVE.matcher(value).matches()) {
                return clock.instant().minus(duration(value.substring(1)));
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw unreadable(text);
        }
        return calendar(value).orElseThrow(() -> unreadable(text));
    }

    /** {@code 1d2h} as ISO-8601 wants it: {@code P1DT2H}. */
    private static Duration duration(String text) {
        String iso = DAYS.matcher(text.toUpperCase(Locale.ROOT)).replaceFirst("P$1T$2");
        return Duration.parse(iso.endsWith("T") ? iso.substring(0, iso.length() - 1) : iso);
    }

    private Optional<Instant> calendar(String value) {
        String iso = value.replaceFirst("(?<=\\d) (?=\\d)", "T");
        List<Function<String, Instant>> formats = List.of(
                text -> OffsetDateTime.parse(text).toInstant(),
                text -> LocalDateTime.parse(text).atZone(zone).toInstant(),
                text -> LocalDate.parse(text).atStartOfDay(zone).toInstant());
        return formats.stream().flatMap(format -> attempt(format, iso).stream()).findFirst();
    }

    private static Optional<Instant> attempt(Function<String, Instant> format, String text) {
        try {
            return Optional.of(format.apply(text));
        } catch (DateTimeException notThisFormat) {
            return Optional.empty();
        }
    }

    private static TypeConversionException unreadable(String text) {
        return new TypeConversionException("'" + text + "' is not a time. Expected: " + FORMATS);
    }
}
