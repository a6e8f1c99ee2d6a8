package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.event.Event;
import io.forebay.serdes.registry.SubjectNameStrategy;
import io.forebay.serdes.registry.UnknownSubjectException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class RegistryFramingTest {
    private static final Schema V1 = SchemaBuilder.record("a.R")
            .fields()
            .requiredString("s")
            .requiredInt("i")
            .endRecord();
    private static final Schema V2 = SchemaBuilder.record("a.R")
            .fields()
            .requiredLong("i")
            .optionalString("s")
            .endRecord();
    private static final Schema V3 = SchemaBuilder.record("a.R")
            .fields()
            .requiredInt("i")
            .requiredInt("needed")
            .endRecord();

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Test
    void theHeaderIsZeroAndTheIdBigEndian() {
        registry.register("other", V1);
        var serde = AvroSerdes.specific(Event.class).registry(registry).build();
        byte[] bytes = serde.serializer().serialize("events", SampleEvents.full());
        assertThat(bytes).startsWith(0, 0, 0, 0, 2);
        assertThat(serde.deserializer().deserialize("events", bytes)).isEqualTo(SampleEvents.full());
    }

    @Test
    void theRegistryIsAskedOncePerSchemaTopicAndThread() {
        var serde = AvroSerdes.specific(Event.class).registry(registry).build();
        for (int i = 0; i < 100; i++) {
            AvroSerdesTest.roundTrip(serde, SampleEvents.full());
        }
        assertThat(registry.asked()).isEqualTo(2);
        serde.serializer().serialize("another topic", SampleEvents.full());
        serde.serializer().serialize("topic", SampleEvents.full());
        assertThat(registry.asked()).isEqualTo(3);
    }

    @Test
    void subjectsFollowTheStrategy() {
        var record = new GenericRecordBuilder(V1).set("s", "x").set("i", 1).build();
        for (String strategy : new String[] {"topic", "record", "topic-record"}) {
            var serde = AvroSerdes.generic().registry(registry).subjects(SubjectNameStrategy.named(strategy));
            serde.build().serializer().serialize("t", record);
        }
        AvroSerdes.generic().registry(registry).forKeys().build().serializer().serialize("t", record);
        assertThat(registry.subjects()).containsExactlyInAnyOrder("t-value", "a.R", "t-a.R", "t-key");
    }

    @Test
    void withoutAutomaticRegistrationAnUnknownSchemaIsRefused() {
        var serde = AvroSerdes.generic().registry(registry).autoRegister(false).build();
        GenericRecord record =
                new GenericRecordBuilder(V1).set("s", "x").set("i", 1).build();
        assertThatThrownBy(() -> serde.serializer().serialize("t", record))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic=t")
                .hasCauseInstanceOf(UnknownSubjectException.class);
        registry.register("topic-value", V1);
        assertThat(AvroSerdesTest.roundTrip(serde, record)).isEqualTo(record);
    }

    @Test
    void theNewestSchemaIsFollowedAsSoonAsTheRegistryTellsOfIt() {
        registry.register("topic-value", V1);
        var serde =
                AvroSerdes.generic().registry(registry).useLatestVersion(true).build();
        GenericRecord record =
                new GenericRecordBuilder(V1).set("s", "x").set("i", 1).build();
        assertThat(AvroSerdesTest.roundTrip(serde, record)).hasToString("{\"s\": \"x\", \"i\": 1}");
        registry.register("topic-value", V2);
        assertThat(AvroSerdesTest.roundTrip(serde, record)).hasToString("{\"i\": 1, \"s\": \"x\"}");
        registry.register("topic-value", V3);
        assertThatThrownBy(() -> AvroSerdesTest.roundTrip(serde, record))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("needed");
    }

    /** One setting bounds what each thread keeps; a second schema pushes the first one out. */
    @Test
    void asManySchemasAreKeptAsAllowed() {
        GenericRecord one =
                new GenericRecordBuilder(V1).set("s", "x").set("i", 1).build();
        GenericRecord other = new GenericRecordBuilder(V2).set("i", 1L).build();
        for (int max : new int[] {1, 2}) {
            var serde = AvroSerdes.generic()
                    .registry(registry)
                    .maxCachedSchemas(max)
                    .build();
            int before = registry.asked();
            for (int round = 0; round < 5; round++) {
                AvroSerdesTest.roundTrip(serde, one);
                AvroSerdesTest.roundTrip(serde, other);
            }
            assertThat(registry.asked() - before).as("max=%d", max).isEqualTo(max == 1 ? 20 : 4);
        }
        assertThatThrownBy(() -> AvroSerdes.generic().maxCachedSchemas(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxCachedSchemas must be at least 1: 0");
    }
}
