package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeArgumentTest {

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZONE);

    private final TimeArgument argument = new TimeArgument(NOW, ZONE);

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.123456789Z, 2026-01-31T12:00:00.123456789Z",
        "2026-01-31T12:00+02:00, 2026-01-31T10:00:00Z",
        "2026-01-31T12:00, 2026-01-31T11:00:00Z",
        "2026-01-31 12:00:05.5, 2026-01-31T11:00:05.500Z",
        "2026-07-01, 2026-06-30T22:00:00Z",
        "1769860800123, 2026-01-31T12:00:00.123Z",
        "0, 1970-01-01T00:00:00Z",
        "now, 2026-01-31T12:00:00Z",
        "-5m, 2026-01-31T11:55:00Z",
        "-90S, 2026-01-31T11:58:30Z",
        "-1h30m, 2026-01-31T10:30:00Z",
        "-2d, 2026-01-29T12:00:00Z",
        "-1d2h, 2026-01-30T10:00:00Z",
    })
    void understands(String text, Instant expected) {
        assertThat(argument.convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "-",
                "-5",
                "-5x",
                "5m",
                "-5m2d",
                "2026-13-01",
                "2026-01-31T25:00",
                "99999999999999999999",
                "999999999999999999",
                "-999999999d999999999d"
            })
    void refuses(String text) {
        assertThatExceptionOfType(TypeConversionException.class)
                .isThrownBy(() -> argument.convert(text))
                .withMessageStartingWith("'" + text + "' is not a time. Expected: ISO-8601");
    }
}
