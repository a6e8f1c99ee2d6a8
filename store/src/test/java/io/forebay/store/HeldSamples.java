package io.forebay.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a store holds, as far as it has to survive.
 *
 * @param samples by id
 * @param floor below its timestamp and id everything is gone; it has nothing else
 * @param evicted how many samples have gone that way
 */
record HeldSamples(Map<String, Sample> samples, Sample floor, long evicted) {

    static final Sample NO_FLOOR = Sample.of("", Long.MIN_VALUE);

    /** What the records of a changelog make. */
    static HeldSamples of(Collection<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Sample> samples = new HashMap<>();
        Floor floor = Floor.NONE;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() == null) {
                samples.remove(text(record.key()));
            } else if (Floor.isKey(record.key())) {
                Floor raised = Floor.read(record.value());
                samples.values()
                        .removeIf(sample -> raised.hides(sample.timestampNanos(), EventCodec.idBytes(sample.id())));
                floor = raised;
            } else {
                byte[] event = Arrays.copyOfRange(record.value(), 1, record.value().length);
                samples.put(text(record.key()), Sample.serde().deserializer().deserialize(record.topic(), event));
            }
        }
        return new HeldSamples(samples, sampleAt(floor), floor.evicted());
    }

    /** Where a floor is. */
    static Sample sampleAt(Floor floor) {
        byte[] position = floor.position();
        return position.length == 0 ? NO_FLOOR : Sample.of(text(Rows.idOf(position)), floor.timestampNanos());
    }

    /** The floor as a store has it. */
    Floor toFloor() {
        return new Floor(Rows.concat(Rows.timestamp(floor.timestampNanos()), EventCodec.idBytes(floor.id())), evicted);
    }

    private static String text(byte[] id) {
        return new String(id, StandardCharsets.UTF_8);
    }
}
