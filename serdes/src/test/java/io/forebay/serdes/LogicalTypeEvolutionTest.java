package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.catalog.SchemaCatalog;
import io.forebay.serdes.event.Event;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Avro resolves schemas without a look at logical types, and would read one as the other: a wrong value. */
class LogicalTypeEvolutionTest {
    private static final String MICROS = "{'type':'long','logicalType':'timestamp-micros'}";
    private static final String NANOS = "{'type':'long','logicalType':'timestamp-nanos'}";

    private final InMemoryRegistry registry = new InMemoryRegistry();

    /** The record does not use the branch, so it could not be read wrongly, but the next record may. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'long','logicalType':'timestamp-micros'} | {'type':'long','logicalType':'timestamp-nanos'} | timestamp-micros | timestamp-nanos",
                "{'type':'long','logicalType':'timestamp-millis'} | {'type':'long','logicalType':'local-timestamp-millis'} | timestamp-millis | local-timestamp-millis",
                "{'type':'int','logicalType':'date'}              | 'int'                                           | date             | int",
                "'int'                                            | {'type':'int','logicalType':'date'}             | int              | date",
                "{'type':'int','logicalType':'date'}              | 'double'                                        | date             | double",
                "{'type':'int','logicalType':'time-millis'}       | {'type':'long','logicalType':'time-micros'}     | time-millis      | time-micros",
                "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2} | {'type':'bytes','logicalType':'decimal','precision':9,'scale':3} | decimal(9,2) | decimal(9,3)",
                "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2} | {'type':'bytes','logicalType':'decimal','precision':8,'scale':2} | decimal(9,2) | decimal(8,2)",
                "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2} | 'bytes'                                                          | decimal(9,2) | bytes",
            })
    void aValueOfAnotherMeaningIsRefusedNamingFieldAndBothTypes(
            String writer, String reader, String writerType, String readerType) {
        for (String shape : List.of("%s", "['null',%s]", "{'type':'array','items':%s}", "{'type':'map','values':%s}")) {
            assertThatThrownBy(() -> read(shape.formatted(writer), shape.formatted(reader)))
                    .as(shape)
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContainingAll("topic=t", "schema id=1", "a.R.x", writerType, readerType);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'bytes','logicalType':'decimal','precision':8,'scale':2} | {'type':'bytes','logicalType':'decimal','precision':9,'scale':2}",
                "{'type':'string','logicalType':'uuid'}                           | 'string'",
                "'string'                                                         | {'type':'string','logicalType':'uuid'}",
                "{'type':'string','logicalType':'something-of-ours'}              | 'string'",
                "{'type':'long','logicalType':'timestamp-micros'}                 | {'type':'long','logicalType':'timestamp-micros'}",
                "'int'                                                            | 'long'",
            })
    void whatKeepsItsMeaningIsRead(String writer, String reader) {
        assertThat(read(writer, reader).get("x")).isNull();
    }

    @Test
    void recursiveTypesAndRenamedFieldsAreLookedInto() {
        Schema writer = schema("{'type':'record','name':'a.R','fields':[{'name':'next','type':['null','a.R']},"
                + "{'name':'old','type':" + MICROS + "}]}");
        Schema reader = schema("{'type':'record','name':'a.R','fields':[{'name':'next','type':['null','a.R']},"
                + "{'name':'x','aliases':['old'],'type':" + NANOS + "}]}");
        GenericRecord record = new GenericData.Record(writer);
        record.put("old", 1L);
        assertThatThrownBy(() -> read(record, reader))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("a.R.x", "timestamp-micros", "timestamp-nanos");
    }

    @Test
    void oneGeneratedClassIsNotReadAsAnother() {
        Schema micros = schema(Event.getClassSchema().toString().replace("timestamp-nanos", "timestamp-micros"));
        GenericRecord event = new GenericData.Record(micros);
        event.put("id", "1");
        event.put("timestamp", 1L);
        event.put("type", "t");
        event.put("attributes", java.util.Map.of());
        byte[] bytes = AvroSerdes.generic(micros)
                .registry(registry)
                .build()
                .serializer()
                .serialize("t", event);
        var events = AvroSerdes.specific(Event.class).registry(registry).build();
        assertThatThrownBy(() -> events.deserializer().deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("Event.timestamp", "timestamp-micros", "timestamp-nanos");
        assertThatThrownBy(() -> AvroSerdes.generic(Event.getClassSchema())
                        .registry(registry)
                        .build()
                        .serializer()
                        .serialize("t", event))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("another schema");
    }

    @Test
    void theNewestSchemaOfARegistryIsNotWrittenWithOtherLogicalTypes() {
        registry.register("t-value", record(NANOS));
        var serde = AvroSerdes.generic(record(MICROS))
                .registry(registry)
                .useLatestVersion(true)
                .build();
        GenericRecord record = new GenericData.Record(record(MICROS));
        record.put("x", 1L);
        assertThatThrownBy(() -> serde.serializer().serialize("t", record))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("a.R.x", "timestamp-micros", "timestamp-nanos");
    }

    /** The fingerprint leaves logical types out, so the bytes do not tell which of the two it was. */
    @Test
    void withoutARegistryTwoSchemasOfOneFingerprintAreRefusedOnBothSides() {
        SchemaCatalog catalog = SchemaCatalog.of();
        var micros = AvroSerdes.generic(record(MICROS)).catalog(catalog).build();
        var nanos = AvroSerdes.generic(record(NANOS)).catalog(catalog).build();
        GenericRecord record = new GenericData.Record(record(MICROS));
        record.put("x", 1L);
        GenericRecord other = new GenericData.Record(record(NANOS));
        other.put("x", 1L);

        byte[] bytes = micros.serializer().serialize("t", record);
        assertThatThrownBy(() -> nanos.deserializer().deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("schema fingerprint=", "a.R.x", "timestamp-micros", "timestamp-nanos");
        assertThatThrownBy(() -> nanos.serializer().serialize("t", other))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=t", "a.R.x", "timestamp-micros", "timestamp-nanos", "fingerprint");
        assertThat(micros.deserializer().deserialize("t", bytes)).isEqualTo(record);
    }

    private GenericRecord read(String writerType, String readerType) {
        Schema writer = record(nullable(writerType));
        Schema reader = record(nullable(readerType));
        return read(new GenericData.Record(writer), reader);
    }

    private GenericRecord read(GenericRecord record, Schema reader) {
        InMemoryRegistry fresh = new InMemoryRegistry();
        byte[] bytes = AvroSerdes.generic(record.getSchema())
                .registry(fresh)
                .build()
                .serializer()
                .serialize("t", record);
        return AvroSerdes.generic(reader).registry(fresh).build().deserializer().deserialize("t", bytes);
    }

    private static String nullable(String type) {
        return type.startsWith("['null'") ? type : "['null'," + type + "]";
    }

    private static Schema record(String type) {
        return schema("{'type':'record','name':'a.R','fields':[{'name':'x','type':" + type + "}]}");
    }

    private static Schema schema(String text) {
        return new Schema.Parser().parse(text.replace('\'', '"'));
    }
}
