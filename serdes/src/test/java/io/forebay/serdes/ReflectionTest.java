package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.reflect.AvroSchema;
import org.apache.avro.reflect.Nullable;
import org.apache.avro.reflect.ReflectData;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** What reflection makes of the Java types that logical types stand for. */
class ReflectionTest {
    /** One field of each type. */
    static class Payment {
        Instant at = Instant.parse("2026-01-01T12:00:00.123456789Z");
        LocalDate day = LocalDate.of(2026, 1, 1);
        LocalTime time = LocalTime.of(12, 30, 1, 123_456_000);
        LocalDateTime local = LocalDateTime.of(2026, 1, 1, 12, 30, 1, 123_456_789);
        UUID id = UUID.fromString("0193c1f7-5d3e-7c52-9f1a-2f6c9e1b7a44");
        BigDecimal text = new BigDecimal("12.3400");

        @AvroSchema("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}")
        BigDecimal amount = new BigDecimal("12.50");

        @AvroSchema("{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}")
        Instant millis = Instant.parse("2026-01-01T12:00:00.123Z");

        @Nullable
        Instant maybe;

        List<Instant> all = List.of(Instant.EPOCH, Instant.parse("2026-01-01T12:00:00.000000001Z"));
        Map<String, LocalDate> days = Map.of("x", LocalDate.EPOCH);
    }

    @Test
    void logicalTypesComeBackAsTheyWere() {
        var serde = AvroSerdes.reflect(Payment.class).build();
        Payment payment = new Payment();
        assertThat(AvroSerdesTest.roundTrip(serde, payment))
                .usingRecursiveComparison()
                .isEqualTo(payment);
        payment.maybe = Instant.parse("2026-01-01T12:00:00.000000002Z");
        assertThat(AvroSerdesTest.roundTrip(serde, payment).maybe).isEqualTo(payment.maybe);
    }

    @Test
    void theFinestLogicalTypeIsTakenUnlessAnnotated() {
        Schema schema = UsualConversions.addTo(new ReflectData()).getSchema(Payment.class);
        assertThat(logicalType(schema, "at")).isEqualTo("timestamp-nanos");
        assertThat(logicalType(schema, "day")).isEqualTo("date");
        assertThat(logicalType(schema, "time")).isEqualTo("time-micros");
        assertThat(logicalType(schema, "local")).isEqualTo("local-timestamp-nanos");
        assertThat(logicalType(schema, "id")).isEqualTo("uuid");
        assertThat(logicalType(schema, "amount")).isEqualTo("decimal");
        assertThat(logicalType(schema, "millis")).isEqualTo("timestamp-millis");
        assertThat(schema.getField("text").schema().getType()).isEqualTo(Schema.Type.STRING);
    }

    @Test
    void whatDoesNotFitIsRefusedAndNotRounded() {
        var serde = AvroSerdes.reflect(Payment.class).build();
        Payment tooFine = new Payment();
        tooFine.amount = new BigDecimal("12.505");
        assertThatThrownBy(() -> serde.serializer().serialize("payments", tooFine))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=payments", "scale");
        Payment tooLate = new Payment();
        tooLate.at = Instant.parse("2500-01-01T00:00:00Z");
        assertThatThrownBy(() -> serde.serializer().serialize("payments", tooLate))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=payments", "out of the range");
    }

    private static String logicalType(Schema schema, String field) {
        return schema.getField(field).schema().getLogicalType().getName();
    }
}
