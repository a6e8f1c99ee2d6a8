package io.forebay.serdes.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.SampleOrders;
import io.forebay.serdes.event.Event;
import io.forebay.serdes.sample.Order;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AvroConverterTest {
    private final AvroConverter converter = new AvroConverter();

    @BeforeEach
    void configure() {
        converter.configure(Map.of(), false);
    }

    @Test
    void connectFindsIt() {
        assertThat(ServiceLoader.load(Converter.class)).hasAtLeastOneElementOfType(AvroConverter.class);
    }

    @Test
    void anEventIsAStruct() {
        Event event = Event.newBuilder()
                .setId("1")
                .setTimestamp(Instant.ofEpochSecond(1, 5))
                .setType("tick")
                .setDurationNanos(7L)
                .setAttributes(Map.of("a", "b"))
                .build();
        SchemaAndValue connect =
                read(AvroSerdes.specific(Event.class).build().serializer().serialize("t", event));
        assertThat(connect.schema().name()).isEqualTo(Event.class.getName());
        assertThat(connect.schema().field("process").schema().isOptional()).isTrue();
        assertThat(connect.schema().field("timestamp").schema().parameters())
                .containsEntry(Mapping.LOGICAL_TYPE, "timestamp-nanos");
        Struct struct = (Struct) connect.value();
        assertThat(struct.getString("id")).isEqualTo("1");
        assertThat(struct.getInt64("timestamp")).isEqualTo(1_000_000_005L);
        assertThat(struct.getString("process")).isNull();
        assertThat(struct.getInt64("durationNanos")).isEqualTo(7);
        assertThat(struct.getMap("attributes")).isEqualTo(Map.of("a", "b"));
    }

    @Test
    void everyKindOfAvroFieldComesThrough() {
        byte[] bytes = AvroSerdes.specific(Order.class).build().serializer().serialize("t", SampleOrders.order());
        Struct order = (Struct) read(bytes).value();
        order.validate();
        assertThat(order.getString("state")).isEqualTo("PAID");
        assertThat(order.get("digest")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        assertThat(order.get("total")).isEqualTo(new BigDecimal("12.50"));
        assertThat(order.get("day")).isEqualTo(Date.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(order.get("at")).isEqualTo(Date.from(Instant.parse("1970-01-01T12:30:00Z")));
        assertThat(order.get("placed")).isEqualTo(Date.from(Instant.parse("2026-01-01T12:00:00.123Z")));
        assertThat(order.get("paid")).isEqualTo(1_767_268_800_123_456L);
        assertThat(order.<Struct>getArray("lines"))
                .extracting(line -> line.get("item"))
                .containsExactly("nut", "bolt");
        Struct payload = order.getStruct("payload");
        assertThat(payload.schema().name()).isEqualTo(Mapping.UNION);
        assertThat(payload.getStruct("io.forebay.serdes.sample.Line").getString("item"))
                .isEqualTo("washer");
        assertThat(order.getBoolean("gift")).isTrue();
        assertThat(order.getFloat32("rating")).isEqualTo(4.5f);
    }

    @Test
    void whatWasReadIsWrittenBack() {
        byte[] bytes = AvroSerdes.specific(Order.class).build().serializer().serialize("t", SampleOrders.order());
        SchemaAndValue connect = read(bytes);
        SchemaAndValue again = read(converter.fromConnectData("t", connect.schema(), connect.value()));
        assertThat(((Struct) again.value()).getArray("lines")).isEqualTo(((Struct) connect.value()).getArray("lines"));
        assertThat(again.value()).hasToString(connect.value().toString());
    }

    @Test
    void everyKindOfConnectFieldComesThrough() {
        Schema nested = SchemaBuilder.struct()
                .name("a.Nested")
                .optional()
                .field("x", Schema.INT32_SCHEMA)
                .build();
        Schema schema = SchemaBuilder.struct()
                .name("a.All")
                .version(3)
                .doc("documented")
                .field("int8", Schema.INT8_SCHEMA)
                .field("int16", Schema.OPTIONAL_INT16_SCHEMA)
                .field("int32", SchemaBuilder.int32().defaultValue(5).build())
                .field(
                        "int64",
                        SchemaBuilder.int64()
                                .name("a.Micros")
                                .parameter("p", "q")
                                .build())
                .field(
                        "text",
                        SchemaBuilder.string().optional().defaultValue("none").build())
                .field("bytes", Schema.BYTES_SCHEMA)
                .field("decimal", Decimal.schema(3))
                .field("date", org.apache.kafka.connect.data.Date.SCHEMA)
                .field("time", Time.SCHEMA)
                .field("timestamp", Timestamp.builder().optional().build())
                .field(
                        "list",
                        SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
                .field(
                        "map",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA)
                                .build())
                .field("other", SchemaBuilder.map(Schema.INT32_SCHEMA, nested).build())
                .field("nested", nested)
                .build();
        Struct value = new Struct(schema)
                .put("int8", (byte) 1)
                .put("int16", (short) 2)
                .put("int32", 5)
                .put("int64", 4L)
                .put("text", "none")
                .put("bytes", ByteBuffer.wrap(new byte[] {1}))
                .put("decimal", new BigDecimal("1.234"))
                .put("date", new Date(86_400_000L))
                .put("time", new Date(1_000))
                .put("timestamp", new Date(123))
                .put("list", java.util.Arrays.asList("a", null))
                .put("map", Map.of("k", 1.5))
                .put("other", Map.of(7, new Struct(nested).put("x", 1)))
                .put("nested", null);

        SchemaAndValue back = read(converter.fromConnectData("t", schema, value));

        assertThat(back.value()).hasToString(value.toString());
        for (String field : List.of("int8", "int16", "int32", "int64", "text", "date", "time", "timestamp", "other")) {
            assertThat(back.schema().field(field).schema())
                    .as(field)
                    .isEqualTo(schema.field(field).schema());
        }
        assertThat(back.schema().version()).isEqualTo(3);
        assertThat(back.schema().doc()).isEqualTo("documented");
    }

    @Test
    void aDefaultBelongsToTheFirstBranchOfItsUnion() {
        Schema schema = SchemaBuilder.struct()
                .field(
                        "text",
                        SchemaBuilder.string().optional().defaultValue("none").build())
                .build();
        var record = (GenericRecord) new ConnectToAvro(1).convert(schema, new Struct(schema));
        assertThat(record.getSchema().getField("text").schema()).hasToString("[\"string\",\"null\"]");
    }

    @Test
    void valuesWithoutAStructComeThrough() {
        assertThat(read(converter.fromConnectData("t", Schema.STRING_SCHEMA, "key")))
                .isEqualTo(new SchemaAndValue(Schema.STRING_SCHEMA, "key"));
        assertThat(read(converter.fromConnectData("t", Schema.OPTIONAL_INT64_SCHEMA, 7L))
                        .value())
                .isEqualTo(7L);
        Schema list = SchemaBuilder.array(Schema.INT32_SCHEMA).build();
        assertThat(read(converter.fromConnectData("t", list, List.of(1, 2))).value())
                .isEqualTo(List.of(1, 2));
        assertThat(converter.fromConnectData("t", null, null)).isNull();
        assertThat(converter.toConnectData("t", null)).isEqualTo(SchemaAndValue.NULL);
    }

    @Test
    void whatCannotBeConvertedIsADataException() {
        Schema map =
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build();
        assertThatThrownBy(() -> converter.fromConnectData("t", map, Map.of())).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.fromConnectData("t", Timestamp.SCHEMA, new Date(1)))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.fromConnectData("t", null, "x"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("topic=t");
        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.INT32_SCHEMA, "x"))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> read("garbage".getBytes()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("topic=t");
        var node = new org.apache.avro.Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"N\",\"fields\":[{\"name\":\"n\",\"type\":[\"null\",\"N\"],\"default\":null}]}");
        GenericRecord record = new org.apache.avro.generic.GenericRecordBuilder(node).build();
        var self = new AvroToConnect(1);
        assertThatThrownBy(() -> self.convert(record))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("contains itself");
    }

    /** Each level holds the one below twice, behind a union, so that twenty levels are a million structs. */
    @Test
    void aSchemaThatUnfoldsWithoutMeasureIsRefused() {
        String inner = "{'type':'record','name':'D0','fields':[]}";
        for (int i = 1; i <= 20; i++) {
            inner = ("{'type':'record','name':'D%d','fields':[{'name':'a','type':['null',%s],'default':null},"
                            + "{'name':'b','type':['null','D%d'],'default':null}]}")
                    .formatted(i, inner, i - 1);
        }
        var doubled = new org.apache.avro.Schema.Parser().parse(inner.replace('\'', '"'));
        GenericRecord record = new org.apache.avro.generic.GenericRecordBuilder(doubled).build();
        var toConnect = new AvroToConnect(1);
        assertThatThrownBy(() -> toConnect.convert(record))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("unfolds to more than 100000 fields");
    }

    @Test
    void aRegistryThatIsDownIsRetriable() {
        converter.configure(Map.of("schema.registry.url", "http://localhost:1", "max.retries", "0"), false);
        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "x"))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void aBrokerThatIsDownIsRetriableWhereSchemasAreInATopic() {
        converter.configure(
                Map.of(
                        "schemas.topic", "schemas",
                        "bootstrap.servers", "127.0.0.1:1",
                        "reconnect.backoff.max.ms", "100",
                        "default.api.timeout.ms", "500",
                        "request.timeout.ms", "400"),
                false);
        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "x"))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("topic=t");
        byte[] unknown = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0};
        assertThatThrownBy(() -> converter.toConnectData("t", unknown))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("topic=t");
        assertThatThrownBy(() -> converter.toConnectData("t", "garbage".getBytes()))
                .isInstanceOf(DataException.class);
        converter.close();
    }

    private SchemaAndValue read(byte @Nullable [] bytes) {
        return converter.toConnectData("t", bytes);
    }
}
