package io.forebay.benchmarks.serdes;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.serdes.registry.RegisteredSchema;
import io.forebay.serdes.registry.SchemaReference;
import io.forebay.serdes.registry.SchemaRegistry;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Serde;

/** Ours, with a registry or without. */
final class ForebaySerde implements Contender {
    private static final String TOPIC = "events";

    private final Serde<Event> serde;

    private ForebaySerde(Serde<Event> serde) {
        this.serde = serde;
    }

    static ForebaySerde withRegistry() {
        return new ForebaySerde(
                AvroSerdes.specific(Event.class).registry(new OneSchema()).build());
    }

    static ForebaySerde withoutRegistry() {
        return new ForebaySerde(AvroSerdes.specific(Event.class).build());
    }

    @Override
    public byte[] serialize(Event event) {
        return Objects.requireNonNull(serde.serializer().serialize(TOPIC, event));
    }

    @Override
    public Event deserialize(byte[] bytes) {
        return Objects.requireNonNull(serde.deserializer().deserialize(TOPIC, bytes));
    }

    /** A registry that knows the event; it is asked once. */
    private static final class OneSchema implements SchemaRegistry {
        @Override
        public int register(String subject, Schema schema, List<SchemaReference> references) {
            return 1;
        }

        @Override
        public int idOf(String subject, Schema schema) {
            return 1;
        }

        @Override
        public Schema schema(int id) {
            return Event.getClassSchema();
        }

        @Override
        public RegisteredSchema latest(String subject) {
            return new RegisteredSchema(subject, 1, 1, Event.getClassSchema());
        }
    }
}
