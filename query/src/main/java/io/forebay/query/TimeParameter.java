package io.forebay.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;

/**
 * A point in time as a request gives it: ISO-8601 with or without an offset (without means UTC), a date alone (the start
 * of that day in UTC), or milliseconds since the epoch.
 */
final class TimeParameter {

    private static final Pattern EPOCH_MILLIS = Pattern.compile("-?\\d{1,18}");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    /** In a URL a plus sign that is not escaped stands for a space. */
    private static final Pattern UNESCAPED_OFFSET = Pattern.compile("(.*T.*) (\\d\\d(:?\\d\\d)?)");

    /** What a timestamp of an event can be. */
    private static final Instant MIN = Instant.parse("1678-01-01T00:00:00Z");

    private static final Instant MAX = Instant.parse("2261-12-31T23:59:59.999999999Z");

    private TimeParameter() {}

    /**
     * Reads a time.
     *
     * @throws ProblemException if the text is no time, or one that no event can have
     */
    static Instant parse(String parameter, String text) {
        Instant instant = parseAny(parameter, text);
        if (instant.isBefore(MIN) || instant.isAfter(MAX)) {
            throw invalid(
                    parameter,
                    text,
                    "means " + instant + ", outside the years 1678 to 2261 that events can have; a number stands for"
                            + " milliseconds since 1970");
        }
        return instant;
    }

    private static Instant parseAny(String parameter, String text) {
        try {
            if (EPOCH_MILLIS.matcher(text).matches()) {
                return Instant.ofEpochMilli(Long.parseLong(text));
            }
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            String escaped = UNESCAPED_OFFSET.matcher(text).replaceFirst("$1+$2");
            TemporalAccessor time =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(escaped, OffsetDateTime::from, LocalDateTime::from);
            return time instanceof OffsetDateTime withOffset
                    ? withOffset.toInstant()
                    : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw invalid(
                    parameter,
                    text,
                    "is no time; write ISO-8601 such as 2026-01-31T12:00:00Z, a date such as 2026-01-31, or milliseconds"
                            + " since 1970");
        }
    }

    private static ProblemException invalid(String parameter, String text, String complaint) {
        return new ProblemException(
                Problem.invalidParameter(parameter, text, parameter + " '" + text + "' " + complaint));
    }
}
