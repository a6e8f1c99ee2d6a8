package io.forebay.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.serdes.event.Event;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineParserTest {

    private static TimestampParser timestamps(String format) {
        return new TimestampParser(format, ZoneOffset.UTC, null, Instant.EPOCH);
    }

    @Nested
    class Json {

        @Test
        void takesFieldsByNameAndTheRestAsAttributes() throws RejectedLineException {
            Event event = parser(Map.of()).parse("""
                            {"timestamp":"2026-03-01T12:00:00Z","process":"p","module":"m","function":"f",\
                            "correlation":"c","type":"t","durationNanos":5,"id":"own","level":"WARN","n":1.50,\
                            "ok":true,"none":null,"nested":{"a":[1]},"attributes":{"x":"y"}}""", "line-id");

            assertThat(event.getId()).isEqualTo("own");
            assertThat(event.getTimestamp()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(event.getProcess()).isEqualTo("p");
            assertThat(event.getModule()).isEqualTo("m");
            assertThat(event.getFunction()).isEqualTo("f");
            assertThat(event.getCorrelation()).isEqualTo("c");
            assertThat(event.getType()).isEqualTo("t");
            assertThat(event.getDurationNanos()).isEqualTo(5L);
            assertThat(event.getAttributes())
                    .isEqualTo(Map.of("level", "WARN", "n", "1.50", "ok", "true", "nested", "{\"a\":[1]}", "x", "y"));
        }

        @Test
        void takesMappedFieldsFromOtherMembers() throws RejectedLineException {
            Event event = parser(Map.of("timestamp", "ts", "process", "host/name", "type", "/log/level"))
                    .parse(
                            "{\"ts\":\"2026-03-01T12:00:00Z\",\"host/name\":\"web1\",\"process\":\"x\",\"log\":{\"level\":\"E\"}}",
                            "line-id");

            assertThat(event.getId()).isEqualTo("line-id");
            assertThat(event.getProcess()).isEqualTo("web1");
            assertThat(event.getType()).isEqualTo("E");
            assertThat(event.getAttributes()).isEqualTo(Map.of("process", "x", "log", "{\"level\":\"E\"}"));
        }

        @Test
        void readsNumbersAsTimestamps() throws RejectedLineException {
            JsonLineParser parser = new JsonLineParser(Map.of(), "log", timestamps("epoch-seconds"));

            assertThat(parser.parse("{\"timestamp\":1700000000.123456789}", "id")
                            .getTimestamp())
                    .isEqualTo("2023-11-14T22:13:20.123456789Z");
        }

        @Test
        void unsetFieldsAreNullAndTheTypeHasADefault() throws RejectedLineException {
            Event event = parser(Map.of()).parse("{\"timestamp\":\"2026-03-01T12:00:00Z\",\"process\":\"\"}", "id");

            assertThat(event.getType()).isEqualTo("log");
            assertThat(event.getProcess()).isNull();
            assertThat(event.getCorrelation()).isNull();
            assertThat(event.getDurationNanos()).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "[]",
                    "nonsense",
                    "{\"timestamp\":\"2026-03-01T12:00:00Z\"",
                    "{\"timestamp\":\"2026-03-01T12:00:00Z\"} {}",
                    "{\"timestamp\":null}",
                    "{\"timestamp\":{}}",
                    "{\"timestamp\":\"2026-03-01T12:00:00Z\",\"durationNanos\":\"long\"}",
                    "{\"timestamp\":1e1000000000}"
                })
        void rejectsOtherLines(String line) {
            assertThatExceptionOfType(RejectedLineException.class)
                    .isThrownBy(() -> parser(Map.of()).parse(line, "id"));
        }

        @Test
        void refusesMappingsOfUnknownFieldsAndBadPaths() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parser(Map.of("host", "h")))
                    .withMessageContaining("'host'")
                    .withMessageContaining("timestamp");
        }

        private JsonLineParser parser(Map<String, String> mapping) {
            return new JsonLineParser(mapping, "log", timestamps("iso"));
        }
    }

    @Nested
    class Regex {

        @Test
        void takesNamedGroups() throws RejectedLineException {
            Event event = parser(
                            "(?<timestamp>\\S+) \\[(?<process>[^]]+)] (?<type>\\w+) (?<module>\\S+)\\.(?<function>\\w+)"
                                    + "(?: #(?<correlation>\\w+))?: (?<message>.*)")
                    .parse("2026-03-01T12:00:00Z [main] WARN shop.Cart.add #r17: it is full", "line-id");

            assertThat(event.getId()).isEqualTo("line-id");
            assertThat(event.getProcess()).isEqualTo("main");
            assertThat(event.getModule()).isEqualTo("shop.Cart");
            assertThat(event.getFunction()).isEqualTo("add");
            assertThat(event.getCorrelation()).isEqualTo("r17");
            assertThat(event.getType()).isEqualTo("WARN");
            assertThat(event.getAttributes()).isEqualTo(Map.of("message", "it is full"));
        }

        @Test
        void aGroupThatTookNoPartLeavesItsFieldUnset() throws RejectedLineException {
            Event event =
                    parser("(?<timestamp>\\S+)(?: #(?<correlation>\\w+))?").parse("2026-03-01T12:00:00Z", "id");

            assertThat(event.getCorrelation()).isNull();
            assertThat(event.getType()).isEqualTo("log");
            assertThat(event.getAttributes()).isEmpty();
        }

        @Test
        void matchesWholeLines() {
            assertThatExceptionOfType(RejectedLineException.class)
                    .isThrownBy(() -> parser("(?<timestamp>\\S+)").parse("2026-03-01T12:00:00Z and more", "id"))
                    .withMessageContaining("does not match");
        }

        @Test
        void survivesExpressionsThatNeedMuchStack() {
            assertThatExceptionOfType(RejectedLineException.class)
                    .isThrownBy(() -> parser("(?<timestamp>(a|b)*)").parse("ab".repeat(100_000), "id"))
                    .withMessageContaining("stack");
        }

        @Test
        void refusesExpressionsThatCannotWork() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parser("(?<message>.*)"))
                    .withMessageContaining("(?<timestamp>...)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parser("(?<timestamp>.*) (?<host>.*)"))
                    .withMessageContaining("'host'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parser("(?<timestamp>.*"))
                    .withMessageContaining("'(?<timestamp>.*'");
        }

        @Test
        void aGroupInQuotesIsNone() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parser("\\(?<timestamp>.*"))
                    .withMessageContaining("no group 'timestamp'");
        }

        private RegexLineParser parser(String regex) {
            return new RegexLineParser(regex, "log", timestamps("iso"));
        }
    }
}
