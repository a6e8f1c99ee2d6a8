package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.forebay.serdes.event.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that strangers registered: small records of theirs must not become large objects. */
class HostileSchemaTest {
    private static final Duration HANGS = Duration.ofSeconds(60);

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Test
    void aFixedLargerThanTheRecordIsRefusedBeforeItIsAllocated() {
        Schema fixed = schema("{'type':'record','name':'R','fields':[{'name':'f','type':"
                + "{'type':'fixed','name':'F','size':2147483000}}]}");
        assertThatThrownBy(() -> read(fixed, new byte[50]))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=t", "schema id=1", "2147483000 bytes", "50 are left");
    }

    @Test
    void aLargeFixedThatIsThereIsRead() {
        Schema fixed = schema("{'type':'record','name':'R','fields':[{'name':'f','type':"
                + "{'type':'fixed','name':'F','size':2000000}}]}");
        assertThat(((GenericRecord) read(fixed, new byte[2_000_000])).get("f"))
                .isEqualTo(new GenericData.Fixed(fixed.getField("f").schema(), new byte[2_000_000]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'null'",
                "{'type':'record','name':'E','fields':[]}",
                "{'type':'fixed','name':'Z','size':0}",
                "{'type':'record','name':'N','fields':[{'name':'a','type':'null'},{'name':'b','type':'null'}]}"
            })
    void aBillionItemsThatTakeNoBytesAreRefused(String items) {
        Schema array = schema("{'type':'array','items':" + items + "}");
        byte[] aBillion = {(byte) 0x80, (byte) 0xa8, (byte) 0xd6, (byte) 0xb9, 0x07, 0};
        assertThatThrownBy(() -> read(array, aBillion))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("1000000000 items");
    }

    /** Every level holds the one below twice, so that forty levels are a trillion records of no bytes at all. */
    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{'name':'n','type':'null'}]", "[{'name':'i','type':'int'}]"})
    void aRecordThatDoublesAtEveryLevelIsRefused(String fields) {
        assertTimeoutPreemptively(HANGS, () -> {
            Schema doubled = doubled(40, fields);
            assertThatThrownBy(() -> read(doubled, new byte[100]))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContainingAll("schema id=1", "D40");
            assertThatThrownBy(() -> AvroSerdes.specific(Event.class)
                            .registry(registry)
                            .build()
                            .deserializer()
                            .deserialize("t", header(new byte[100])))
                    .isInstanceOf(SerializationException.class);
        });
    }

    /** As many records as may be, each of them as large as may be: still only as much memory as bytes allow. */
    @Test
    void wideRecordsOfNullsInArraysAreBoundedByTheBytesOfTheRecord() {
        StringBuilder fields = new StringBuilder("{'name':'b','type':'boolean'}");
        for (int i = 0; i < 900; i++) {
            fields.append(",{'name':'n").append(i).append("','type':'null'}");
        }
        Schema array = schema("{'type':'array','items':{'type':'record','name':'Wide','fields':[" + fields + "]}}");
        assertThatThrownBy(() -> read(array, items(400_000)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("schema id=1", "than a record of its size may");
        assertThat((List<?>) read(array, items(50))).hasSize(50);
    }

    /** One byte, and a hundred records around it, a million times. */
    @Test
    void longChainsOfRecordsInArraysAreBoundedByTheBytesOfTheRecord() {
        String chain = "'boolean'";
        for (int i = 0; i < 100; i++) {
            chain = "{'type':'record','name':'C" + i + "','fields':[{'name':'c','type':" + chain + "}]}";
        }
        Schema array = schema("{'type':'array','items':" + chain + "}");
        assertThatThrownBy(() -> read(array, items(1_000_000)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("than a record of its size may");
        assertThat((List<?>) read(array, items(50))).hasSize(50);
    }

    @Test
    void aRecordThatContainsItselfWithoutEndIsRefused() {
        Schema endless = Schema.createRecord("Endless", null, "a", false);
        endless.setFields(List.of(new Schema.Field("e", endless)));
        assertThatThrownBy(() -> read(endless, new byte[10]))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("a.Endless");
    }

    @Test
    void aSchemaThatIsOnlyLargeIsNotHostile() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            fields.append(i == 0 ? "" : ",").append("{'name':'f").append(i).append("','type':'int'}");
        }
        Schema wide = schema("{'type':'record','name':'Wide','fields':[" + fields + "]}");
        assertThat(((GenericRecord) read(wide, new byte[3_000])).get("f2999")).isEqualTo(0);
    }

    /** Half a block header, that many items of one byte each, and the end. */
    private static byte[] items(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count + 10);
        long zigzag = 2L * count;
        while (zigzag >= 0x80) {
            bytes.put((byte) (zigzag | 0x80));
            zigzag >>>= 7;
        }
        bytes.put((byte) zigzag);
        return Arrays.copyOf(bytes.array(), bytes.position() + count + 1);
    }

    private static Schema doubled(int levels, String fields) {
        String inner = "{'type':'record','name':'D0','fields':" + fields + "}";
        for (int i = 1; i <= levels; i++) {
            inner = "{'type':'record','name':'D%d','fields':[{'name':'a','type':%s},{'name':'b','type':'D%d'}]}"
                    .formatted(i, inner, i - 1);
        }
        return schema(inner);
    }

    private Object read(Schema schema, byte[] record) {
        registry.register("t-value", schema);
        try (var serde = new AvroSerde<Object>(new Codec(
                DataModel.generic(),
                new RegistryFraming(
                        registry,
                        false,
                        false,
                        io.forebay.serdes.registry.SubjectNameStrategy.TOPIC,
                        RegistryFraming.Policy.LOOK_UP),
                1_000))) {
            Deserializer<Object> deserializer = serde.deserializer();
            return deserializer.deserialize("t", header(record));
        }
    }

    private static byte[] header(byte[] record) {
        return ByteBuffer.allocate(5 + record.length)
                .put(new byte[] {0, 0, 0, 0, 1})
                .put(record)
                .array();
    }

    private static Schema schema(String text) {
        return new Schema.Parser().parse(text.replace('\'', '"'));
    }
}
