package io.forebay.processor;

import io.forebay.buffer.VersionedEntry;
import io.forebay.store.LatestStore;
import io.forebay.store.LatestStoreBuilder;
import io.forebay.store.PreparedUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PutNewer} with a store, which knows what is stale, and remembers what is to be emitted. Updates are staged, some dozens at a
 * time. What the store can decide from memory goes straight to it then; the buffer collects, and coalesces, the updates for which it
 * has to read. Emitting is taking everything out of the store's outbox.
 */
final class StoredPutNewer<K, V> extends PutNewerProcessor<K, V, PreparedUpdate<K, V>> {

    private static final Position NOTHING_SEEN = Position.emptyPosition();

    /** How many updates are decided at a time; see {@link LatestStore#putNewerOfKnown}. */
    private static final int STAGED = 32;

    private final List<PreparedUpdate<K, V>> staged = new ArrayList<>(STAGED);
    private final String storeName;
    private @Nullable LatestStore<K, V> store;
    private Position seen = Position.emptyPosition();

    /** Where the last record came from, noted in {@link #seen} only when the next comes from somewhere else. */
    private @Nullable String topic;

    private int partition;
    private long offset;

    StoredPutNewer(PutNewer.Options<K, V> options, PutNewerCounters counters) {
        super(options, counters);
        LatestStoreBuilder<K, V> builder = Objects.requireNonNull(options.store());
        this.storeName = builder.name();
    }

    @Override
    Runnable open(ProcessorContext<K, V> context, Runnable beforeCommit) {
        LatestStore<K, V> opened = context.getStateStore(storeName);
        store = opened;
        return opened.beforeCommit(beforeCommit);
    }

    private LatestStore<K, V> store() {
        return Objects.requireNonNull(store, "not open");
    }

    @Override
    PreparedUpdate<K, V> hold(Record<K, V> record, long version) {
        return store().prepare(record.key(), record.value(), version, record.timestamp(), record.headers());
    }

    @Override
    void accept(PreparedUpdate<K, V> held, long version) {
        staged.add(held);
        if (staged.size() == STAGED) {
            settle();
        }
    }

    @Override
    void settle() {
        List<PreparedUpdate<K, V>> unknown =
                store().putNewerOfKnown(staged, stale -> task().stale(stale, stale.version(), 1));
        staged.clear(); // first: the buffer may become full
        for (PreparedUpdate<K, V> update : unknown) {
            task().buffer(update, update.version());
        }
    }

    @Override
    Object identity(PreparedUpdate<K, V> held) {
        return held.keyBytes();
    }

    @Override
    int sizeBytes(PreparedUpdate<K, V> held) {
        return held.sizeBytes();
    }

    @Override
    Record<K, V> asItCame(PreparedUpdate<K, V> held, long version) {
        Record<K, V> record = new Record<>(held.key(), held.value(), held.timestampMs(), held.headers());
        setHeader(record.headers(), PutNewer.VERSION_HEADER, version);
        return record;
    }

    @Override
    void seen(@Nullable RecordMetadata metadata) {
        if (metadata == null || metadata.topic() == null) {
            return;
        }
        if (!metadata.topic().equals(topic) || metadata.partition() != partition) {
            noteSeen();
            topic = metadata.topic();
            partition = metadata.partition();
        }
        offset = metadata.offset();
    }

    private void noteSeen() {
        if (topic != null) {
            seen.withComponent(topic, partition, offset);
        }
    }

    @Override
    void take(List<VersionedEntry<Object, PreparedUpdate<K, V>>> batch) {
        List<PreparedUpdate<K, V>> updates = new ArrayList<>(batch.size());
        for (VersionedEntry<Object, PreparedUpdate<K, V>> entry : batch) {
            updates.add(Objects.requireNonNull(entry.value()).standingFor(entry.updates() + 1));
        }
        for (PreparedUpdate<K, V> stale : store().putNewer(updates, NOTHING_SEEN)) {
            task().stale(stale, stale.version(), stale.updates());
        }
    }

    @Override
    void emptied() {
        noteSeen();
        store().putNewer(List.of(), seen);
    }

    @Override
    void emit() {
        store().emit(emission -> task().emit(
                        new Record<>(emission.key(), emission.value(), emission.timestampMs(), emission.headers()),
                        emission.version(),
                        emission.updates()));
    }
}
