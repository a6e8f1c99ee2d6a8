package io.forebay.examples.ingest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads points in time: {@code iso}, {@code epoch-seconds}, {@code epoch-millis}, {@code epoch-nanos}, or a pattern of
 * {@link DateTimeFormatter} with English names.
 *
 * <p>Where the text names no zone, {@code zone} holds. Where the pattern has no year, as in syslog, {@code year} holds;
 * without one it is the year of {@code reference} (when the file was last changed), or the year before where that would
 * lie more than a day in its future: a December line in a file of January. Immutable and thread-safe.
 */
final class TimestampParser {

    private static final Duration FUTURE_TOLERANCE = Duration.ofDays(1);
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000L);
    /** What fits into 64 bits of nanoseconds. */
    private static final Instant EARLIEST = Instant.ofEpochSecond(0, Long.MIN_VALUE);

    private static final Instant LATEST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

    /** ISO-8601 with {@code T} or a space in the middle, zone optional, {@code +0100} as well as {@code +01:00}. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .append(isoTime())
            .appendPattern("[' ']")
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHmm", "Z")
            .optionalEnd()
            .toFormatter(Locale.ENGLISH)
            .withResolverStyle(ResolverStyle.STRICT);

    private final String format;
    private final ZoneId zone;
    private final @Nullable Year year;
    private final Instant reference;
    private final Function<String, Instant> parser;

    /**
     * @throws IllegalArgumentException if {@code format} is none of the names and no pattern, or a pattern from which no
     *     point in time can be read
     */
    TimestampParser(String format, ZoneId zone, @Nullable Year year, Instant reference) {
        this.format = format;
        this.zone = zone;
        this.year = year;
        this.reference = reference;
        this.parser = parser(format);
    }

    Instant parse(String text) throws RejectedLineException {
        Instant time;
        try {
            time = parser.apply(text.strip());
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new RejectedLineException("timestamp '" + Excerpt.of(text) + "' is not of the format " + format);
        }
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new RejectedLineException(
                    "timestamp '" + Excerpt.of(text) + "' is not between " + EARLIEST + " and " + LATEST);
        }
        return time;
    }

    private Function<String, Instant> parser(String name) {
        return switch (name) {
            case "iso" -> text -> instant(ISO.parse(text));
            case "epoch-seconds" -> text -> epoch(text, NANOS_PER_SECOND);
            case "epoch-millis" -> text -> epoch(text, NANOS_PER_MILLI);
            case "epoch-nanos" -> text -> epoch(text, BigDecimal.ONE);
            default -> pattern(name);
        };
    }

    private Function<String, Instant> pattern(String pattern) {
        DateTimeFormatter formatter;
        try {
            formatter = new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(pattern)
                    .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "timestamp format '" + pattern + "' is neither iso, epoch-seconds, epoch-millis, epoch-nanos nor a "
                            + "pattern such as 'yyyy-MM-dd HH:mm:ss,SSS' (" + e.getMessage() + ")",
                    e);
        }
        try {
            ZonedDateTime sample = ZonedDateTime.of(2026, 11, 21, 13, 14, 15, 0, zone);
            instant(formatter.parse(formatter.format(sample)));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "timestamp format '" + pattern + "' does not tell a point in time (" + e.getMessage()
                            + "): it needs at least month and day",
                    e);
        }
        return text -> instant(formatter.parse(text));
    }

    private Instant instant(TemporalAccessor parsed) {
        if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
            return Instant.from(parsed);
        }
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId parsedZone = parsed.query(TemporalQueries.zone());
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalTime timeOfDay = time == null ? LocalTime.MIDNIGHT : time;
        ZoneId actualZone = parsedZone == null ? zone : parsedZone;
        return date == null
                ? withYear(MonthDay.from(parsed), timeOfDay, actualZone)
                : ZonedDateTime.of(date, timeOfDay, actualZone).toInstant();
    }

    private Instant withYear(MonthDay day, LocalTime time, ZoneId actualZone) {
        if (year != null) {
            return inYear(year.getValue(), day, time, actualZone);
        }
        int referenceYear = reference.atZone(actualZone).getYear();
        boolean leapDayElsewhere = !day.isValidYear(referenceYear);
        if (!leapDayElsewhere) {
            Instant thisYear = inYear(referenceYear, day, time, actualZone);
            if (!thisYear.isAfter(reference.plus(FUTURE_TOLERANCE))) {
                return thisYear;
            }
        }
        return inYear(referenceYear - 1, day, time, actualZone);
    }

    private static Instant inYear(int year, MonthDay day, LocalTime time, ZoneId zone) {
        if (!day.isValidYear(year)) {
            throw new DateTimeException(day + " does not exist in " + year);
        }
        return ZonedDateTime.of(day.atYear(year), time, zone).toInstant();
    }

    /** Fractions beyond the nanosecond are cut off. */
    private static Instant epoch(String text, BigDecimal nanosPerUnit) {
        if (text.length() > 40 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            throw new DateTimeParseException("not a plain number", text, 0);
        }
        BigDecimal nanos = new BigDecimal(text).multiply(nanosPerUnit).setScale(0, RoundingMode.FLOOR);
        BigDecimal[] parts = nanos.divideAndRemainder(NANOS_PER_SECOND);
        return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
    }

    /** Seconds with a fraction after a point or, as log4j writes it, a comma. */
    private static DateTimeFormatter isoTime() {
        return new DateTimeFormatterBuilder()
                .appendPattern("HH:mm[:ss]")
                .optionalStart()
                .appendLiteral(',')
                .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, false)
                .optionalEnd()
                .optionalStart()
                .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                .optionalEnd()
                .toFormatter(Locale.ENGLISH);
    }
}
