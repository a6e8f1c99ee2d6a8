package io.forebay.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampParserTest {

    private static final Instant REFERENCE = Instant.parse("2026-01-03T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iso | 2026-03-01T12:00:00Z | 2026-03-01T12:00:00Z",
                "iso | 2026-03-01T12:00:00.123456789Z | 2026-03-01T12:00:00.123456789Z",
                "iso | 2026-03-01 12:00:00,123 | 2026-03-01T12:00:00.123Z",
                "iso | 2026-03-01T12:00 | 2026-03-01T12:00:00Z",
                "iso | 2026-03-01T12:00:00.5+01:00 | 2026-03-01T11:00:00.5Z",
                "iso | 2026-03-01T12:00:00+0100 | 2026-03-01T11:00:00Z",
                "iso | 2026-03-01 12:00:00 +01:00 | 2026-03-01T11:00:00Z",
                "epoch-seconds | 1700000000 | 2023-11-14T22:13:20Z",
                "epoch-seconds | 1700000000.123456789 | 2023-11-14T22:13:20.123456789Z",
                "epoch-seconds | -1.5 | 1969-12-31T23:59:58.5Z",
                "epoch-millis | 1700000000123 | 2023-11-14T22:13:20.123Z",
                "epoch-millis | 1700000000123.5 | 2023-11-14T22:13:20.1235Z",
                "epoch-nanos | 1700000000123456789 | 2023-11-14T22:13:20.123456789Z",
                "dd/MMM/yyyy:HH:mm:ss Z | 21/Nov/2026:07:10:06 +0200 | 2026-11-21T05:10:06Z",
                "dd/MMM/yyyy:HH:mm:ss Z | 21/NOV/2026:07:10:06 +0200 | 2026-11-21T05:10:06Z",
                "yyyy-MM-dd HH:mm:ss,SSS | 2026-11-21 07:10:06,042 | 2026-11-21T07:10:06.042Z",
                "uuuuMMdd HHmmss | 20261121 071006 | 2026-11-21T07:10:06Z",
                "M/d/yy h:mm a | 3/1/26 1:05 pm | 2026-03-01T13:05:00Z",
                "EEE MMM d HH:mm:ss yyyy | Sat Nov 21 07:10:06 2026 | 2026-11-21T07:10:06Z",
                "yyyy-MM-dd | 2026-11-21 | 2026-11-21T00:00:00Z"
            })
    void reads(String format, String text, Instant expected) throws RejectedLineException {
        assertThat(parser(format).parse(text)).isEqualTo(expected);
    }

    @Test
    void theZoneHoldsWhereTheTextNamesNone() throws RejectedLineException {
        TimestampParser parser = new TimestampParser("iso", ZoneId.of("Europe/Berlin"), null, REFERENCE);

        assertThat(parser.parse("2026-07-01 12:00:00")).isEqualTo("2026-07-01T10:00:00Z");
        assertThat(parser.parse("2026-07-01 12:00:00Z")).isEqualTo("2026-07-01T12:00:00Z");
    }

    @Test
    void aYearThatIsMissingPutsTheLineBeforeTheFilesLastChange() throws RejectedLineException {
        TimestampParser syslog = parser("MMM ppd HH:mm:ss");

        assertThat(syslog.parse("Jan  2 23:00:00")).isEqualTo("2026-01-02T23:00:00Z");
        assertThat(syslog.parse("Dec 31 23:59:59")).isEqualTo("2025-12-31T23:59:59Z");
        assertThat(syslog.parse("Jan  3 12:00:00")).as("clocks differ").isEqualTo("2026-01-03T12:00:00Z");
    }

    @Test
    void aYearThatIsGivenHolds() throws RejectedLineException {
        TimestampParser syslog = new TimestampParser("MMM d HH:mm:ss", ZoneOffset.UTC, Year.of(2024), REFERENCE);

        assertThat(syslog.parse("Dec 31 00:00:00")).isEqualTo("2024-12-31T00:00:00Z");
        assertThat(syslog.parse("Feb 29 00:00:00")).isEqualTo("2024-02-29T00:00:00Z");
    }

    @Test
    void aLeapDayNeedsALeapYear() throws RejectedLineException {
        Instant march2025 = Instant.parse("2025-03-01T00:00:00Z");
        TimestampParser parser = new TimestampParser("MMM d HH:mm:ss", ZoneOffset.UTC, null, march2025);

        assertThat(parser.parse("Feb 29 00:00:00")).isEqualTo("2024-02-29T00:00:00Z");
        assertThatExceptionOfType(RejectedLineException.class)
                .isThrownBy(() -> parser("MMM d HH:mm:ss").parse("Feb 29 00:00:00"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iso | yesterday",
                "iso | 2026-13-01T00:00:00Z",
                "iso | 2026-02-30T00:00:00Z",
                "yyyy-MM-dd | 2026-02-30",
                "uuuu-MM-dd | 2026-02-30",
                "epoch-millis | 12:00",
                "epoch-seconds | 1e9",
                "epoch-seconds | 99999999999999999999999",
                "epoch-seconds | 99999999999",
                "iso | 2300-01-01T00:00:00Z"
            })
    void rejectsOtherTextsNamingThem(String format, String text) {
        assertThatExceptionOfType(RejectedLineException.class)
                .isThrownBy(() -> parser(format).parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"isoo", "HH:mm:ss", "yyyy", "{", "yyyy-MM"})
    void refusesFormatsThatTellNoTime(String format) {
        assertThatIllegalArgumentException().isThrownBy(() -> parser(format)).withMessageContaining("'" + format + "'");
    }

    private static TimestampParser parser(String format) {
        return new TimestampParser(format, ZoneOffset.UTC, null, REFERENCE);
    }
}
