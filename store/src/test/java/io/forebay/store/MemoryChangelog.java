package io.forebay.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** One partition of a changelog topic, with transactions: what is aborted or still open is not read. */
final class MemoryChangelog {

    static final TopicPartition PARTITION = new TopicPartition("app-samples-changelog", 0);

    private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> committed = new TreeMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> open = new ArrayList<>();
    private long nextOffset;

    /** Appends a record to the open transaction; its offset. */
    long append(byte @Nullable [] key, byte @Nullable [] value, long timestampMs, Headers headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                nextOffset,
                timestampMs,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key,
                value,
                headers,
                Optional.empty());
        open.add(record);
        return nextOffset++;
    }

    void commit() {
        open.forEach(record -> committed.put(record.offset(), record));
        end();
    }

    void abort() {
        end();
    }

    /** The end of a transaction takes an offset of its own. */
    private void end() {
        open.clear();
        nextOffset++;
    }

    /** What a reader gets that has everything up to this offset. */
    List<ConsumerRecord<byte[], byte[]>> after(@Nullable Long offset) {
        return List.copyOf(committed.tailMap(offset == null ? 0 : offset + 1).values());
    }

    /** Forgets the oldest records, as retention does. */
    void truncate(long beforeOffset) {
        committed.headMap(beforeOffset).clear();
    }

    long nextOffset() {
        return nextOffset;
    }

    /** The samples that the records up to this offset make. */
    Map<String, Sample> samples(@Nullable Long upToOffset) {
        return upToOffset == null
                ? Map.of()
                : samples(committed.headMap(upToOffset + 1).values());
    }

    Map<String, Sample> samples() {
        return samples(committed.values());
    }

    /** What the last record of each key says, where it is not a tombstone. */
    static Map<String, Sample> samples(Collection<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Sample> samples = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                samples.remove(id);
            } else if (Floor.isKey(record.key())) {
                Floor floor = Floor.read(record.value());
                samples.values()
                        .removeIf(sample -> floor.hides(sample.timestampNanos(), EventCodec.idBytes(sample.id())));
            } else {
                byte[] event = Arrays.copyOfRange(record.value(), 1, record.value().length);
                samples.put(id, Sample.serde().deserializer().deserialize(record.topic(), event));
            }
        }
        return samples;
    }
}
