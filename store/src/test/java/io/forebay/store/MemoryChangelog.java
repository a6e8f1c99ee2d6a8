package io.forebay.store;

import java.util.ArrayList;
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

    /** What a reader gets up to this offset; nothing without one. */
    List<ConsumerRecord<byte[], byte[]>> upTo(@Nullable Long offset) {
        return offset == null
                ? List.of()
                : List.copyOf(committed.headMap(offset + 1).values());
    }

    /** The samples that the records up to this offset make. */
    Map<String, Sample> samples(@Nullable Long upToOffset) {
        return HeldSamples.of(upTo(upToOffset)).samples();
    }

    Map<String, Sample> samples() {
        return HeldSamples.of(committed.values()).samples();
    }
}
