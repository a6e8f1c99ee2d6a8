package io.forebay.store.internal.streams;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordCollector;

/** Sends to a changelog in memory; what is sent is acknowledged at once. */
record MemoryCollector(HandDrivenTask.Sink sink, Map<TopicPartition, Long> acknowledged) implements RecordCollector {

    @Override
    public <K, V> void send(
            String topic,
            K key,
            V value,
            Headers headers,
            Integer partition,
            Long timestamp,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            String processorNodeId,
            InternalProcessorContext<Void, Void> sender) {
        long offset = sink.append(
                keySerializer.serialize(topic, key), valueSerializer.serialize(topic, value), timestamp, headers);
        acknowledged.put(new TopicPartition(topic, partition), offset);
    }

    @Override
    public <K, V> void send(
            String topic,
            K key,
            V value,
            Headers headers,
            Long timestamp,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            String processorNodeId,
            InternalProcessorContext<Void, Void> sender,
            StreamPartitioner<? super K, ? super V> partitioner) {
        throw new UnsupportedOperationException("a store knows its partition");
    }

    @Override
    public <K, V> void send(
            K key,
            V value,
            String processorNodeId,
            InternalProcessorContext<?, ?> sender,
            ProducerRecord<byte[], byte[]> serializedRecord) {
        throw new UnsupportedOperationException("for dead letters");
    }

    @Override
    public void initialize() {}

    @Override
    public void flush() {}

    @Override
    public void closeClean() {}

    @Override
    public void closeDirty() {}

    @Override
    public Map<TopicPartition, Long> offsets() {
        return Map.copyOf(acknowledged);
    }
}
