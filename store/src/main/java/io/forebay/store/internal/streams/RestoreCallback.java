package io.forebay.store.internal.streams;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/** Restores batches of changelog records, offsets included, in the order of their offsets. Also feeds standby tasks. */
@FunctionalInterface
public interface RestoreCallback extends RecordBatchingStateRestoreCallback {

    @Override
    void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records);
}
