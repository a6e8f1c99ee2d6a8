package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.serdes.event.Event;
import io.forebay.serdes.sample.Order;
import java.io.IOException;
import java.math.BigDecimal;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

class AvroJsonTest {
    private static final String ORDER = "{\"id\":\"0193c1f7-5d3e-7c52-9f1a-2f6c9e1b7a44\",\"state\":\"PAID\","
            + "\"digest\":\"AQIDBA==\",\"total\":12.50,\"day\":\"2026-01-01\",\"at\":\"12:30\","
            + "\"placed\":\"2026-01-01T12:00:00.123000000Z\",\"paid\":\"2026-01-01T12:00:00.123456000Z\","
            + "\"lines\":[{\"item\":\"nut\",\"count\":3,\"weight\":1.5},{\"item\":\"bolt\",\"count\":1}],"
            + "\"labels\":{\"priority\":1},\"payload\":{\"item\":\"washer\",\"count\":2},\"gift\":true,\"rating\":4.5}";

    @Test
    void everyKindOfFieldIsReadable() {
        assertThat(AvroJson.toJson(SampleOrders.order())).hasToString(ORDER);
    }

    @Test
    void genericRecordsLookTheSame() throws IOException {
        byte[] bytes = AvroSerdes.specific(Order.class).build().serializer().serialize("t", SampleOrders.order());
        var reader = new GenericDatumReader<GenericRecord>(
                Order.getClassSchema(), Order.getClassSchema(), new GenericData());
        GenericRecord generic =
                reader.read(null, DecoderFactory.get().binaryDecoder(bytes, 10, bytes.length - 10, null));
        assertThat(AvroJson.toJson(generic)).hasToString(ORDER);
    }

    @Test
    void eventsLookAsEventJsonWritesThem() {
        for (Event event : new Event[] {SampleEvents.full(), SampleEvents.minimal()}) {
            assertThat(AvroJson.toJson(event)).isEqualTo(EventJson.toJson(event));
        }
    }

    @Test
    void numbersThatJsonDoesNotKnowAreTexts() {
        Order order = SampleOrders.order();
        order.setRating(Float.NaN);
        assertThat(AvroJson.toJson(order).path("rating").textValue()).isEqualTo("NaN");
    }

    @Test
    void numbersHaveAllTheirDigits() {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Numbers", "fields": [
                  {"name": "least", "type": "long"}, {"name": "most", "type": "long"},
                  {"name": "odd", "type": "long"}, {"name": "tenth", "type": "double"},
                  {"name": "long", "type": {"type": "bytes", "logicalType": "decimal", "precision": 60, "scale": 20}},
                  {"name": "tiny", "type": {"type": "bytes", "logicalType": "decimal", "precision": 40, "scale": 40}},
                  {"name": "nanos", "type": {"type": "long", "logicalType": "timestamp-nanos"}}]}
                """);
        GenericData.Record record = new GenericData.Record(schema);
        record.put("least", Long.MIN_VALUE);
        record.put("most", Long.MAX_VALUE);
        record.put("odd", 9_007_199_254_740_993L);
        record.put("tenth", 0.1);
        record.put("long", new BigDecimal("1234567890123456789012345678901234567890.12345678901234567890"));
        record.put("tiny", new BigDecimal("0.0000000000000000000000000000000000000010"));
        record.put("nanos", Long.MAX_VALUE);
        assertThat(AvroJson.toJson(record))
                .hasToString("{\"least\":-9223372036854775808,\"most\":9223372036854775807,\"odd\":9007199254740993,"
                        + "\"tenth\":0.1,"
                        + "\"long\":1234567890123456789012345678901234567890.12345678901234567890,"
                        + "\"tiny\":1.0E-39,\"nanos\":\"2262-04-11T23:47:16.854775807Z\"}");
    }
}
