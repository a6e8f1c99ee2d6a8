package io.forebay.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.serdes.AvroSerde;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

/** The Avro serde as an application's default serde, made by Kafka Streams from its class and settings. */
class DefaultSerdeTest {

    @Test
    void worksAsDefaultValueSerde() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, Event>stream("in")
                .filter((key, event) -> event.getType().equals("wanted"))
                .to("out");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "default-serde");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/default-serde");
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, AvroSerde.class);
        config.put("avro.record.class", Event.class.getName());
        Serde<Event> serde = AvroSerdes.specific(Event.class).build();
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), config)) {
            TestInputTopic<String, Event> input =
                    driver.createInputTopic("in", new StringSerializer(), serde.serializer());
            TestOutputTopic<String, Event> output =
                    driver.createOutputTopic("out", new StringDeserializer(), serde.deserializer());
            input.pipeInput("a", event("other"));
            input.pipeInput("b", event("wanted"));
            assertThat(output.readValuesToList()).containsExactly(event("wanted"));
        }
    }

    private static Event event(String type) {
        return Event.newBuilder()
                .setId("id")
                .setTimestamp(Instant.parse("2026-01-02T03:04:05.000000006Z"))
                .setType(type)
                .setAttributes(Map.of("k", "v"))
                .build();
    }
}
