package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.event.Event;
import io.forebay.serdes.registry.StubServer;
import io.forebay.serdes.sample.Digest;
import io.forebay.serdes.sample.Line;
import io.forebay.serdes.sample.Order;
import io.forebay.serdes.sample.State;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrustedClassesTest {
    private final ClassSecurityValidator.ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();

    @AfterEach
    void restore() {
        ClassSecurityValidator.setGlobal(before);
    }

    @Test
    void whatASerdeIsMadeForIsTrustedWithAllItsParts() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.DEFAULT);
        TrustedClasses.trust(Order.getClassSchema());
        for (Class<?> type : new Class<?>[] {Order.class, State.class, Digest.class, Line.class}) {
            ClassSecurityValidator.validate(type);
        }
        assertThatThrownBy(() -> ClassSecurityValidator.validate(Thread.class)).isInstanceOf(SecurityException.class);
    }

    @Test
    void whoeverWasAskedBeforeIsAskedStill() {
        ClassSecurityValidator.setGlobal(type -> type == Thread.class);
        TrustedClasses.trust(Event.getClassSchema());
        ClassSecurityValidator.validate(Thread.class);
        ClassSecurityValidator.validate(Event.class);
    }

    @Test
    void aRecordCannotNameAClassThatAvroDidNotGenerate() {
        Schema thread = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"java.lang.Thread\",\"fields\":[]}");
        Schema holder = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Holder\",\"fields\":[{\"name\":\"s\",\"type\":"
                        + "{\"type\":\"string\",\"java-class\":\"java.io.File\"}}]}");
        try (var serde = new AvroSerde<Object>()) {
            serde.configure(Map.of("specific.avro.reader", true), false);
            Object record = new GenericRecordBuilder(thread).build();
            byte[] bytes = serde.serializer().serialize("t", record);
            assertThat(serde.deserializer().deserialize("t", bytes)).isNotInstanceOf(Thread.class);
            byte[] file = serde.serializer()
                    .serialize(
                            "t",
                            new GenericRecordBuilder(holder)
                                    .set("s", "/etc/passwd")
                                    .build());
            assertThat(serde.deserializer().deserialize("t", file)).hasToString("{\"s\": \"/etc/passwd\"}");
        }
        assertThatThrownBy(() -> new SpecificData().getClass(thread)).isInstanceOf(SecurityException.class);
    }

    /** A generic record has no class, so whatever its schema names, a stranger may have named. */
    @Test
    void theSchemaOfGenericRecordsMakesNothingTrusted() {
        ClassSecurityValidator.setGlobal(type -> false);
        Schema schema = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"java.lang.ProcessBuilder\",\"fields\":["
                        + "{\"name\":\"s\",\"type\":{\"type\":\"string\",\"java-class\":\"java.io.FileReader\"}}]}");
        var serde = AvroSerdes.generic(schema).build();
        var record = new GenericRecordBuilder(schema).set("s", "/etc/passwd").build();
        assertThat(AvroSerdesTest.roundTrip(serde, record)).hasToString("{\"s\": \"/etc/passwd\"}");
        for (Class<?> type : new Class<?>[] {ProcessBuilder.class, java.io.FileReader.class}) {
            assertThatThrownBy(() -> ClassSecurityValidator.validate(type)).isInstanceOf(SecurityException.class);
        }
    }

    /** A class fails in two ways: the first time with what is wrong, and ever after as not being there. */
    @Test
    void aClassThatCannotBeLoadedIsNamed() {
        String text = "{\"type\":\"record\",\"name\":\"io.forebay.serdes.BrokenRecord\",\"fields\":[]}";
        var record = new GenericRecordBuilder(new Schema.Parser().parse(text)).build();
        String reply = "{\"id\":1,\"schema\":\"" + text.replace("\"", "\\\"") + "\"}";
        try (StubServer registry = new StubServer(request -> new StubServer.Reply(200, reply));
                var serde = new AvroSerde<Object>()) {
            serde.configure(Map.of("specific.avro.reader", true, "schema.registry.url", registry.url()), false);
            for (int round = 0; round < 2; round++) {
                assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[] {0, 0, 0, 0, 1}))
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContainingAll("topic=t", "schema id=1", "io.forebay.serdes.BrokenRecord");
                assertThatThrownBy(() -> serde.serializer().serialize("t", record))
                        .isInstanceOf(SerializationException.class)
                        .hasMessageContainingAll("topic=t", "io.forebay.serdes.BrokenRecord");
            }
        }
    }

    @Test
    void theSystemPropertyIsNotNeeded() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.DEFAULT);
        assertThat(System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES")).isNull();
        var serde = AvroSerdes.specific(Order.class).build();
        assertThat(AvroSerdesTest.roundTrip(serde, SampleOrders.order())).isEqualTo(SampleOrders.order());
        assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[11]))
                .isInstanceOf(SerializationException.class);
    }
}
