package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.event.Event;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class AvroSerdesTest {
    private final Serde<Event> serde = AvroSerdes.specific(Event.class).build();

    @Test
    void specificRecordsComeBackAsTheyWere() {
        for (Event event : new Event[] {SampleEvents.full(), SampleEvents.minimal()}) {
            byte[] bytes = serde.serializer().serialize("events", event);
            assertThat(serde.deserializer().deserialize("events", bytes)).isEqualTo(event);
        }
    }

    @Test
    void nullStaysNullSoThatTombstonesWork() {
        assertThat(serde.serializer().serialize("events", null)).isNull();
        assertThat(serde.deserializer().deserialize("events", (byte[]) null)).isNull();
    }

    @Test
    void otherBytesAreRefusedNamingTheTopic() {
        assertThatThrownBy(() -> serde.deserializer().deserialize("events", "hello, world".getBytes()))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic=events");
    }
}
