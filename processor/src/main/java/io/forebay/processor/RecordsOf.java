package io.forebay.processor;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.apache.kafka.streams.processor.api.Record;

/** The records of a batch, as the target sees them: an immutable view of an immutable list. */
final class RecordsOf<K, V> extends AbstractList<Record<K, V>> implements RandomAccess {

    private final List<PendingRecord<K, V>> batch;

    RecordsOf(List<PendingRecord<K, V>> batch) {
        this.batch = batch;
    }

    @Override
    public Record<K, V> get(int index) {
        return batch.get(index).record();
    }

    @Override
    public int size() {
        return batch.size();
    }
}
