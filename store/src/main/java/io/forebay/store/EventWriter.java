package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into rows: one atomic batch for a set of them, with the offset and the position they stand for. A replaced
 * or deleted event takes all its rows along. Belongs to one thread at a time.
 */
final class EventWriter<E> {

    private static final byte[] NO_VALUE = {};

    private final EventDatabase database;
    private final EventCodec<E> codec;
    private final StoreMeta meta;
    private long count;

    EventWriter(EventDatabase database, EventCodec<E> codec, StoreMeta meta) {
        this.database = database;
        this.codec = codec;
        this.meta = meta;
        this.count = meta.count();
    }

    /**
     * Writes the newest entry of each id.
     *
     * @param offset the changelog offset these entries stand for, or null to leave it as it is
     */
    void write(WriteSet set, @Nullable Long offset, @Nullable Position position) {
        try (RowBatch batch = database.newBatch()) {
            long newCount = count;
            for (Entry entry : set.visible(set.length())) {
                newCount += write(entry, batch);
            }
            if (offset != null) {
                meta.putOffset(batch, offset);
            }
            if (position != null) {
                meta.putPosition(batch, position);
            }
            meta.putCount(batch, newCount);
            database.write(batch);
            count = newCount;
        }
    }

    /** By how much the entry changes the number of events. */
    private int write(Entry entry, RowBatch batch) {
        byte[] id = entry.id.get();
        byte[] oldTimestamp = database.get(Table.IDS, id);
        PreparedEvent<?> event = entry.event;
        if (oldTimestamp != null) {
            deleteRows(Rows.concat(oldTimestamp, id), event, batch);
        }
        if (event != null) {
            putRows(event, oldTimestamp, batch);
            return oldTimestamp == null ? 1 : 0;
        }
        if (oldTimestamp != null) {
            batch.delete(Table.IDS, id);
            return -1;
        }
        return 0;
    }

    private void putRows(PreparedEvent<?> event, byte @Nullable [] oldTimestamp, RowBatch batch) {
        byte[] timestamp = Rows.timestamp(event.timestampNanos());
        byte[] position = Rows.concat(timestamp, event.id());
        batch.put(Table.EVENTS, position, event.payload());
        if (!Arrays.equals(timestamp, oldTimestamp)) {
            batch.put(Table.IDS, event.id(), timestamp);
        }
        for (byte[] key : event.indexKeys()) {
            batch.put(Table.INDEX, Rows.concat(key, position), NO_VALUE);
        }
    }

    /** Deletes the rows of a stored event, except those that its replacement is about to write again. */
    private void deleteRows(byte[] position, @Nullable PreparedEvent<?> replacement, RowBatch batch) {
        byte[] payload = database.get(Table.EVENTS, position);
        if (payload == null) {
            return;
        }
        PreparedEvent<E> old = codec.restore(payload);
        List<byte[]> keptKeys = List.of();
        if (replacement != null && replacement.timestampNanos() == old.timestampNanos()) {
            keptKeys = replacement.indexKeys();
        } else {
            batch.delete(Table.EVENTS, position);
        }
        for (byte[] key : old.indexKeys()) {
            if (!containsKey(keptKeys, key)) {
                batch.delete(Table.INDEX, Rows.concat(key, position));
            }
        }
    }

    private static boolean containsKey(List<byte[]> keys, byte[] key) {
        return keys.stream().anyMatch(candidate -> Arrays.equals(candidate, key));
    }
}
