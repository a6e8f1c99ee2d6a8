package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.catalog.SchemaCatalog;
import io.forebay.serdes.event.Event;
import io.forebay.serdes.sample.Order;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random and mutated bytes: whatever they are, the outcome is a {@code SerializationException}, or a record that is
 * written as exactly the bytes it was read from, but for block sizes and over-long numbers, which Avro allows. Memory is
 * bounded by what a record of that size may hold.
 */
class SerdeFuzzTest {
    /** Seeds that once found something, or are good at finding things. */
    private static final List<Long> KEPT_SEEDS = List.of(1L, 42L, 20_260_101L, 4_521_833_090_369L);

    private static final int SHORT_ROUNDS = 20_000;
    private static final int LONG_ROUNDS = 1_000_000;

    /** A recursive type, items that take no bytes, and a map: what can make a small record large. */
    private static final Schema TREE = new Schema.Parser().parse("""
            {"type": "record", "name": "Tree", "fields": [
              {"name": "children", "type": {"type": "array", "items": "Tree"}},
              {"name": "nothing", "type": {"type": "array", "items": "null"}},
              {"name": "empty", "type": {"type": "array", "items":
                {"type": "record", "name": "Empty", "fields": []}}},
              {"name": "data", "type": {"type": "map", "values": ["null", "bytes", "Tree"]}}]}
            """);

    /** The most digits of an order's total. */
    private static final int DIGITS = ((LogicalTypes.Decimal)
                    Order.getClassSchema().getField("total").schema().getLogicalType())
            .getPrecision();

    record Subject(String name, Serde<?> serde, byte[] valid) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Subject> subjects() {
        InMemoryRegistry registry = new InMemoryRegistry();
        return Stream.of(
                subject("event", AvroSerdes.specific(Event.class).build(), SampleEvents.full()),
                subject(
                        "event, registry",
                        AvroSerdes.specific(Event.class).registry(registry).build(),
                        SampleEvents.full()),
                subject("order", AvroSerdes.specific(Order.class).build(), SampleOrders.order()),
                subject(
                        "order by reflection",
                        AvroSerdes.reflect(AvroSerdesTest.Pojo.class).build(),
                        new AvroSerdesTest.Pojo()),
                subject(
                        "tree",
                        AvroSerdes.generic(TREE).catalog(SchemaCatalog.of(TREE)).build(),
                        tree()));
    }

    private static <T> Subject subject(String name, Serde<T> serde, T value) {
        return new Subject(name, serde, serde.serializer().serialize("fuzz", value));
    }

    private static GenericRecord tree() {
        GenericData.Record leaf = new GenericData.Record(TREE);
        for (Schema.Field field : TREE.getFields()) {
            leaf.put(field.pos(), field.name().equals("data") ? java.util.Map.of() : List.of());
        }
        GenericRecord root = new GenericData.Record(leaf, true);
        root.put("children", List.of(leaf, leaf));
        root.put("nothing", Arrays.asList(null, null));
        return root;
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void anyBytesAreARecordOrAreRefused(Subject subject) {
        for (long seed : KEPT_SEEDS) {
            fuzz(subject, seed, SHORT_ROUNDS / 10);
        }
        fuzz(subject, System.nanoTime(), SHORT_ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Tag("long")
    void anyBytesAreARecordOrAreRefusedForLong(Subject subject) {
        fuzz(subject, System.nanoTime(), LONG_ROUNDS);
    }

    private static void fuzz(Subject subject, long seed, int rounds) {
        for (int round = 0; round < rounds; round++) {
            long roundSeed = seed + round;
            byte[] bytes = mutate(subject.valid, new Random(roundSeed));
            try {
                check(subject, bytes);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(subject + " with seed=" + roundSeed + " bytes=" + Arrays.toString(bytes), e);
            }
        }
    }

    private static void check(Subject subject, byte[] bytes) {
        Object record = read(subject, bytes);
        if (record == null) {
            return;
        }
        if (record instanceof Order order && order.getTotal().precision() > DIGITS) {
            // Avro reads more digits than it writes; nothing else may be read that cannot be written.
            assertThatThrownBy(() -> write(subject.serde, record))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("Cannot encode decimal with precision "
                            + order.getTotal().precision() + " as max precision " + DIGITS);
            return;
        }
        byte[] again = write(subject.serde, record);
        Object same = subject.serde.deserializer().deserialize("fuzz", again);
        assertThat(write(subject.serde, same)).isEqualTo(again);
    }

    /** Where the exception that {@link #check} makes for decimals begins; random bytes hardly ever come so close. */
    @Test
    void aTotalOfAllItsDigitsIsWrittenAndOfOneMoreIsNot() {
        int scale = SampleOrders.order().getTotal().scale();
        Order largest = SampleOrders.order();
        largest.setTotal(new BigDecimal(BigInteger.TEN.pow(DIGITS).subtract(BigInteger.ONE), scale));
        Subject order = subject("order", AvroSerdes.specific(Order.class).build(), largest);
        check(order, order.valid);
        assertThat(read(order, order.valid)).isEqualTo(largest);

        byte[] beyond = replaced(
                order.valid,
                largest.getTotal().unscaledValue().toByteArray(),
                BigInteger.TEN.pow(DIGITS).toByteArray());
        check(order, beyond);
        assertThat(read(order, beyond))
                .isInstanceOfSatisfying(
                        Order.class,
                        read -> assertThat(read.getTotal())
                                .isEqualTo(new BigDecimal(BigInteger.TEN.pow(DIGITS), scale)));
    }

    private static byte[] replaced(byte[] bytes, byte[] part, byte[] other) {
        assertThat(other).hasSameSizeAs(part);
        byte[] changed = bytes.clone();
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                System.arraycopy(other, 0, changed, at, other.length);
            }
        }
        assertThat(changed).isNotEqualTo(bytes);
        return changed;
    }

    /** The record, or null if the bytes are refused. */
    private static @Nullable Object read(Subject subject, byte[] bytes) {
        try {
            return subject.serde.deserializer().deserialize("fuzz", bytes);
        } catch (SerializationException e) {
            assertThat(e).hasMessageContaining("topic=fuzz");
            return null;
        }
    }

    @SuppressWarnings("unchecked") // it has just read this record
    private static <T> byte[] write(Serde<T> serde, Object record) {
        return serde.serializer().serialize("fuzz", (T) record);
    }

    /** Flips, cuts, repeats and replaces bytes; now and then all of them. */
    private static byte[] mutate(byte[] valid, Random random) {
        if (random.nextInt(10) == 0) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            int keep = Math.min(random.nextInt(11), bytes.length);
            System.arraycopy(valid, 0, bytes, 0, Math.min(keep, valid.length)); // a header that leads somewhere
            return bytes;
        }
        byte[] bytes = valid.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(8));
                case 4 -> System.arraycopy(bytes, 0, bytes, at, bytes.length - at);
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 9), (byte) -1);
            }
        }
        return bytes;
    }

    @Test
    void aHundredMegabytesInFiftyBytesAreRefusedAtOnce() {
        Deserializer<Event> deserializer =
                AvroSerdes.specific(Event.class).build().deserializer();
        byte[] bytes = Arrays.copyOf(
                AvroSerdes.specific(Event.class).build().serializer().serialize("fuzz", SampleEvents.minimal()), 50);
        byte[] hundredMegabytes = {(byte) 0x80, (byte) 0x84, (byte) 0xaf, 0x5f};
        System.arraycopy(hundredMegabytes, 0, bytes, 10, 4);
        assertThatThrownBy(() -> deserializer.deserialize("fuzz", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContainingAll("topic=fuzz", "schema fingerprint=", "string of 100000000 bytes");
    }
}
