package io.forebay.serdes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void fieldNamesAndFormatsAreStable() {
        var event = SampleEvents.full();
        event.setAttributes(Map.of("items", "3"));
        assertThat(EventJson.toJson(event))
                .hasToString("{\"id\":\"0193c1f7-5d3e-7c52-9f1a-2f6c9e1b7a44\","
                        + "\"timestamp\":\"2026-01-01T12:00:00.123456789Z\",\"process\":\"StreamThread-1\","
                        + "\"module\":\"io.forebay.examples.Cart\",\"function\":\"add\",\"correlation\":\"order-7\","
                        + "\"type\":\"method.exit\",\"durationNanos\":1500,\"attributes\":{\"items\":\"3\"}}");
    }

    @Test
    void absentFieldsAreLeftOut() {
        assertThat(EventJson.toJson(SampleEvents.minimal()))
                .hasToString("{\"id\":\"1\",\"timestamp\":\"1970-01-01T00:00:00.000000000Z\",\"type\":\"tick\","
                        + "\"attributes\":{}}");
    }

    @Test
    void roundTrip() {
        for (var event : new io.forebay.serdes.event.Event[] {SampleEvents.full(), SampleEvents.minimal()}) {
            assertThat(EventJson.fromJson(EventJson.toJson(event))).isEqualTo(event);
        }
    }

    @Test
    void attributesMayBeMissingNullMeansAbsentAndAnyOffsetIsUnderstood() {
        var event = EventJson.fromJson(
                parse("{'id':'1','timestamp':'2026-01-01T13:00:00+01:00','type':'tick','process':null}"));
        assertThat(event.getTimestamp()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
        assertThat(event.getProcess()).isNull();
        assertThat(event.getAttributes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]                                                            | JSON object",
                "{'timestamp':'2026-01-01T12:00:00Z','type':'t'}                | \"id\"",
                "{'id':'1','type':'t'}                                          | \"timestamp\"",
                "{'id':'1','timestamp':'yesterday','type':'t'}                  | yesterday",
                "{'id':'1','timestamp':'2500-01-01T12:00:00Z','type':'t'}       | 1677",
                "{'id':'1','timestamp':'2026-01-01T12:00:00Z'}                  | \"type\"",
                "{'id':1,'timestamp':'2026-01-01T12:00:00Z','type':'t'}         | \"id\" must be text",
                "{'id':'1','timestamp':'2026-01-01T12:00:00Z','type':'t','durationNanos':1.5}    | durationNanos",
                "{'id':'1','timestamp':'2026-01-01T12:00:00Z','type':'t','attributes':[]}        | attributes",
                "{'id':'1','timestamp':'2026-01-01T12:00:00Z','type':'t','attributes':{'a':1}}   | \"a\"",
                "{'id':'1','timestamp':'2026-01-01T12:00:00Z','type':'t','proces':'x'}           | \"proces\"",
            })
    void badInputNamesTheField(String json, String reason) {
        assertThatThrownBy(() -> EventJson.fromJson(parse(json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static final String TWICE =
            "{\"id\":\"1\",\"timestamp\":\"2026-01-01T12:00:00Z\",\"type\":\"t\",\"id\":\"2\"}";

    @Test
    void textThatUtf8CannotSayIsRefused() {
        var event = SampleEvents.full();
        event.setProcess("half \uD83D of a pair");
        try (var json = EventJson.serde();
                var avro =
                        AvroSerdes.specific(io.forebay.serdes.event.Event.class).build()) {
            for (var serde : java.util.List.of(json, avro)) {
                assertThatThrownBy(() -> serde.serializer().serialize("events", event))
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContainingAll("topic=events", "U+D83D");
                event.setProcess("a whole pair \uD83D\uDE00");
                assertThat(AvroSerdesTest.roundTrip(serde, event)).isEqualTo(event);
                event.setProcess("the other half \uDE00");
                assertThatThrownBy(() -> serde.serializer().serialize("events", event))
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContainingAll("topic=events", "U+DE00", "position");
                event.setProcess("half \uD83D of a pair");
            }
        }
    }

    @Test
    void aTopicOfJsonIsReadAndWritten() {
        try (var serde = EventJson.serde()) {
            assertThat(AvroSerdesTest.roundTrip(serde, SampleEvents.full())).isEqualTo(SampleEvents.full());
            assertThat(serde.serializer().serialize("events", null)).isNull();
            for (String bad : new String[] {"", "{", "[]", "{} {}", "{\"id\":1}", TWICE}) {
                assertThatThrownBy(() -> serde.deserializer().deserialize("events", bad.getBytes(UTF_8)))
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContaining("topic=events");
            }
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
