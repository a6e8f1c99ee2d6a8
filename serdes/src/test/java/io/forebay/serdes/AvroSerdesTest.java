package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.catalog.SchemaCatalog;
import io.forebay.serdes.event.Event;
import io.forebay.serdes.registry.SubjectNameStrategy;
import io.forebay.serdes.sample.Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.reflect.AvroAlias;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdesTest {
    private final Serde<Event> serde = AvroSerdes.specific(Event.class).build();

    @Test
    void generatedRecordsComeBackAsTheyWere() {
        for (Event event : new Event[] {SampleEvents.full(), SampleEvents.minimal()}) {
            assertThat(roundTrip(serde, event)).isEqualTo(event);
        }
        Serde<Order> orders = AvroSerdes.specific(Order.class).build();
        assertThat(roundTrip(orders, SampleOrders.order())).isEqualTo(SampleOrders.order());
    }

    @Test
    void bytesAreAvrosSingleObjectEncoding() throws IOException {
        Event event = SampleEvents.full();
        ByteArrayOutputStream avro = new ByteArrayOutputStream();
        Event.getEncoder().encode(event, avro);
        assertThat(serde.serializer().serialize("events", event)).isEqualTo(avro.toByteArray());
    }

    @Test
    void aRecordOfAnotherSchemaIsRefused() {
        Schema theirs = SchemaBuilder.record("a.Transfer")
                .fields()
                .requiredString("from")
                .requiredString("to")
                .endRecord();
        Schema ours = SchemaBuilder.record("a.Transfer")
                .fields()
                .requiredString("to")
                .requiredString("from")
                .endRecord();
        GenericRecord record = new GenericRecordBuilder(theirs)
                .set("from", "ann")
                .set("to", "bob")
                .build();
        try (var transfers =
                AvroSerdes.generic(ours).catalog(SchemaCatalog.of()).build()) {
            assertThatThrownBy(() -> transfers.serializer().serialize("transfers", record))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContainingAll("transfers", "a.Transfer", "another schema");
        }
    }

    @Test
    void genericRecordsComeBackInTheSchemaTheyHad() {
        Schema schema = SchemaBuilder.record("a.B")
                .fields()
                .requiredString("s")
                .optionalInt("i")
                .endRecord();
        GenericRecord record =
                new GenericRecordBuilder(schema).set("s", "text").set("i", 7).build();
        SchemaCatalog catalog = SchemaCatalog.of();
        try (var generic = AvroSerdes.generic().catalog(catalog).build()) {
            assertThat(roundTrip(generic, record)).isEqualTo(record);
        }
        try (var reader = AvroSerdes.generic().catalog(catalog).build()) {
            byte[] bytes = AvroSerdes.generic(schema).build().serializer().serialize("t", record);
            assertThat(reader.deserializer().deserialize("t", bytes)).isEqualTo(record);
        }
    }

    /** Any class at all. */
    static class Pojo {
        String name = "";
        int[] numbers = {};
        List<String> tags = new ArrayList<>();
        Map<String, Long> counts = Map.of();
    }

    @Test
    void anyClassIsWrittenAndReadByReflection() {
        Pojo pojo = new Pojo();
        pojo.name = "n";
        pojo.numbers = new int[] {1, 2};
        pojo.tags = List.of("a", "b");
        pojo.counts = Map.of("x", 1L);
        Pojo back = roundTrip(AvroSerdes.reflect(Pojo.class).build(), pojo);
        assertThat(back).usingRecursiveComparison().isEqualTo(pojo);
    }

    @Test
    void nullStaysNullSoThatTombstonesWork() {
        assertThat(serde.serializer().serialize("events", null)).isNull();
        assertThat(serde.deserializer().deserialize("events", (byte[]) null)).isNull();
        assertThat(serde.deserializer().deserialize("events", new RecordHeaders(), (ByteBuffer) null))
                .isNull();
    }

    @Test
    void buffersAreReadWhereverTheRecordLies() {
        byte[] bytes = serde.serializer().serialize("events", SampleEvents.full());
        ByteBuffer inside = ByteBuffer.allocate(bytes.length + 20)
                .position(7)
                .put(bytes)
                .flip()
                .position(7);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        for (ByteBuffer buffer : List.of(inside, inside.slice(), direct, inside.asReadOnlyBuffer())) {
            assertThat(serde.deserializer().deserialize("events", new RecordHeaders(), buffer))
                    .isEqualTo(SampleEvents.full());
        }
    }

    @Test
    void oldAndNewSchemasReadEachOtherThroughACatalog() {
        Schema current = Event.getClassSchema();
        Schema next = withField(current, "severity", "int", "3");
        SchemaCatalog catalog = SchemaCatalog.of(current, next);
        var young = AvroSerdes.generic(next).catalog(catalog).build();
        var old = AvroSerdes.specific(Event.class).catalog(catalog).build();

        byte[] fromOld = old.serializer().serialize("events", SampleEvents.full());
        assertThat(young.deserializer().deserialize("events", fromOld).get("severity"))
                .isEqualTo(3);

        GenericRecord record = young.deserializer().deserialize("events", fromOld);
        record.put("severity", 9);
        byte[] fromYoung = young.serializer().serialize("events", record);
        assertThat(old.deserializer().deserialize("events", fromYoung)).isEqualTo(SampleEvents.full());
    }

    @Test
    void aliasesAreFollowedNumbersWidenedAndFieldsSkippedForEveryModel() {
        Schema old = SchemaBuilder.record("a.Old")
                .fields()
                .requiredInt("amount")
                .requiredString("dropped")
                .endRecord();
        Schema young = SchemaBuilder.record("a.Young")
                .aliases("a.Old")
                .fields()
                .name("quantity")
                .aliases("amount")
                .type()
                .doubleType()
                .noDefault()
                .name("added")
                .type()
                .array()
                .items()
                .stringType()
                .arrayDefault(List.of("a", "b"))
                .endRecord();
        byte[] bytes = AvroSerdes.generic(old)
                .build()
                .serializer()
                .serialize(
                        "t",
                        new GenericRecordBuilder(old)
                                .set("amount", 7)
                                .set("dropped", "x")
                                .build());
        var reader = AvroSerdes.generic(young).catalog(SchemaCatalog.of(old)).build();
        assertThat(reader.deserializer().deserialize("t", bytes))
                .hasToString("{\"quantity\": 7.0, \"added\": [\"a\", \"b\"]}");
        var pojos =
                AvroSerdes.reflect(Young.class).catalog(SchemaCatalog.of(old)).build();
        assertThat(pojos.deserializer().deserialize("t", bytes).quantity).isEqualTo(7.0);
    }

    @AvroAlias(alias = "Old", space = "a")
    static class Young {
        @AvroAlias(alias = "amount")
        double quantity;
    }

    private static Schema withField(Schema schema, String name, String type, String defaultValue) {
        String text = schema.toString();
        String field = ",{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"default\":" + defaultValue + "}]}";
        return new Schema.Parser().parse(text.substring(0, text.length() - 2) + field);
    }

    @Test
    void aSchemaThatNobodyKnowsIsNamed() {
        Schema other = SchemaBuilder.record("a.Other").fields().requiredInt("i").endRecord();
        var writer = AvroSerdes.generic(other).build();
        byte[] bytes = writer.serializer()
                .serialize("t", new GenericRecordBuilder(other).set("i", 1).build());
        assertThatThrownBy(() -> serde.deserializer().deserialize("events", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=events", "schema fingerprint=0x", "META-INF/forebay/schemas/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "hello, world", "{\"id\":\"1\"}"})
    void otherFormatsAreRefused(String text) {
        assertThatThrownBy(() -> serde.deserializer().deserialize("events", text.getBytes()))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic=events");
    }

    @Test
    void everyTruncationAndEveryLeftoverIsRefused() {
        byte[] bytes = serde.serializer().serialize("events", SampleEvents.full());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serde.deserializer().deserialize("events", cut))
                    .isInstanceOf(SerializationException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> serde.deserializer().deserialize("events", longer))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("1 bytes left over");
    }

    @Test
    void aRecordThatDoesNotFitItsSchemaIsRefusedNamingTopicAndField() {
        Event event = SampleEvents.full();
        event.setTimestamp(Instant.MAX);
        assertThatThrownBy(() -> serde.serializer().serialize("events", event))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic=events");
        Event incomplete = new Event();
        assertThatThrownBy(() -> serde.serializer().serialize("events", incomplete))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("id");
        assertThat(roundTrip(serde, SampleEvents.full())).isEqualTo(SampleEvents.full());
    }

    @Test
    void recordsThatContainThemselvesAreRefused() {
        Schema node = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Node\",\"fields\":["
                        + "{\"name\":\"next\",\"type\":[\"null\",\"Node\"]}]}");
        GenericRecord loop = new GenericData.Record(node);
        loop.put("next", loop);
        var nodes = AvroSerdes.generic(node).build();
        assertThatThrownBy(() -> nodes.serializer().serialize("t", loop))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("contains itself");

        GenericRecord end = new GenericData.Record(node);
        byte[] bytes = Arrays.copyOf(nodes.serializer().serialize("t", end), 2_000_000);
        Arrays.fill(bytes, 10, bytes.length - 1, (byte) 2);
        assertThatThrownBy(() -> nodes.deserializer().deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void oneSerdeServesManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Event event = SampleEvents.full();
                event.setId("id-" + i);
                tasks.add(() -> {
                    for (int n = 0; n < 2_000; n++) {
                        if (!roundTrip(serde, event).equals(event)) {
                            return false;
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void contradictingOptionsAreRefused() {
        assertThatThrownBy(() -> AvroSerdes.generic().autoRegister(false).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("registry");
        assertThatThrownBy(() -> AvroSerdes.generic()
                        .subjects(SubjectNameStrategy.RECORD)
                        .build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> AvroSerdes.generic()
                        .registry("http://localhost:1")
                        .catalog(SchemaCatalog.of())
                        .build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> AvroSerdes.generic()
                        .registry("http://localhost:1")
                        .useLatestVersion(true)
                        .autoRegister(true)
                        .build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> AvroSerdes.generic().registry("localhost:8081"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localhost:8081");
    }

    static <T> T roundTrip(Serde<T> serde, T value) {
        return serde.deserializer().deserialize("topic", serde.serializer().serialize("topic", value));
    }
}
