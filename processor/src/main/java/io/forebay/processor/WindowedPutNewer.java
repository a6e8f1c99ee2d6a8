package io.forebay.processor;

import io.forebay.buffer.VersionedEntry;
import io.forebay.store.internal.streams.CommitHook;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** A {@link PutNewer} without a store: whenever the buffer is emptied, what was in it goes downstream. */
final class WindowedPutNewer<K, V> extends PutNewerProcessor<K, V, Record<K, V>> {

    private final String hookName;

    WindowedPutNewer(PutNewer.Options<K, V> options, PutNewerCounters counters) {
        super(options, counters);
        this.hookName = options.name();
    }

    @Override
    Runnable open(ProcessorContext<K, V> context, Runnable beforeCommit) {
        CommitHook hook = context.getStateStore(hookName);
        return hook.beforeCommit(beforeCommit);
    }

    @Override
    Record<K, V> hold(Record<K, V> record, long version) {
        return new Record<>(record.key(), record.value(), record.timestamp(), record.headers());
    }

    @Override
    void accept(Record<K, V> held, long version) {
        task().buffer(held, version);
    }

    @Override
    void settle() {
        // everything is in the buffer
    }

    @Override
    Object identity(Record<K, V> held) {
        K key = held.key();
        return key instanceof byte[] bytes ? Bytes.wrap(bytes) : key;
    }

    @Override
    int sizeBytes(Record<K, V> held) {
        return 0;
    }

    @Override
    Record<K, V> asItCame(Record<K, V> held, long version) {
        setHeader(held.headers(), PutNewer.VERSION_HEADER, version);
        return held;
    }

    @Override
    void seen(@Nullable RecordMetadata metadata) {
        // nobody can ask
    }

    @Override
    void take(List<VersionedEntry<Object, Record<K, V>>> batch) {
        for (VersionedEntry<Object, Record<K, V>> entry : batch) {
            task().emit(Objects.requireNonNull(entry.value()), entry.version(), entry.updates() + 1);
        }
    }

    @Override
    void emptied() {
        // nobody can ask
    }

    @Override
    void emit() {
        // it has been taken, and that was it
    }
}
