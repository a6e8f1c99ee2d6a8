package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Turns changes into rows: one atomic batch for a set of them, with the offset and the position they stand for. A replaced
 * or deleted value takes its index rows along. Belongs to one thread at a time.
 */
final class LatestWriter<K, V> {

    private static final byte[] NO_VALUE = {};

    private final EventDatabase database;
    private final LatestCodec<K, V> codec;
    private final StoreMeta meta;
    private final LatestMeta latestMeta;
    private StoreMeta.Contents contents;
    private long marker;
    private long streamTimeMs;

    /** The highest epoch of a pending row on disk; less than the marker if there is none. */
    private long highestPending;

    LatestWriter(EventDatabase database, LatestCodec<K, V> codec, StoreMeta meta) {
        this.database = database;
        this.codec = codec;
        this.meta = meta;
        this.latestMeta = new LatestMeta(database);
        this.contents = meta.contents();
        this.marker = latestMeta.marker();
        this.streamTimeMs = latestMeta.streamTimeMs();
        this.highestPending = findHighestPending();
    }

    private long findHighestPending() {
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows =
                    snapshot.iterator(Table.QUEUES, QueueRows.pendingFrom(marker + 1), QueueRows.endOfPending());
            rows.seekToLast();
            snapshot.check(rows);
            return rows.isValid() ? QueueRows.numberOf(rows.key()) : Long.MIN_VALUE;
        }
    }

    long marker() {
        return marker;
    }

    long highestPending() {
        return highestPending;
    }

    long streamTimeMs() {
        return streamTimeMs;
    }

    /** @param offset the changelog offset the changes stand for, or null to leave it as it is */
    void write(LatestSet set, @Nullable Long offset, @Nullable Position position) {
        RowBatch batch = database.newBatch();
        long newMarker = Math.max(marker, set.marker());
        long newHighestPending = dropEmitted(newMarker, batch);
        boolean restoring = set.number() == ChangeSet.UNNUMBERED;
        long values = contents.events() + (restoring ? 0 : set.added());
        List<LatestChange> changes = List.copyOf(set.changes());
        List<byte @Nullable []> oldRows = restoring || codec.hasIndexes() ? oldRows(changes) : List.of();
        for (int i = 0; i < changes.size(); i++) {
            LatestChange change = changes.get(i);
            byte[] oldBytes = oldRows.isEmpty() ? null : oldRows.get(i);
            LatestRow old = oldBytes == null ? null : LatestRow.read(oldBytes);
            if (restoring) {
                values += (change.isLive() ? 1 : 0) - (old == null || old.tombstone() ? 0 : 1);
            }
            if (old != null) {
                forget(change, old, batch);
            }
            write(change, newMarker, batch);
            if (change.row() != null && change.row().epoch() > newMarker) {
                newHighestPending = Math.max(newHighestPending, change.row().epoch());
            }
        }
        set.doneQueueRows().forEach(row -> batch.delete(Table.QUEUES, row));
        long newStreamTimeMs = Math.max(streamTimeMs, set.streamTimeMs());
        StoreMeta.Contents written = new StoreMeta.Contents(values, Math.max(contents.setNumber(), set.number()));
        putMeta(batch, newMarker, newStreamTimeMs, written);
        if (offset != null) {
            meta.putOffset(batch, offset);
        }
        if (position != null) {
            meta.putPosition(batch, position);
        }
        database.write(batch);
        contents = written;
        marker = newMarker;
        streamTimeMs = newStreamTimeMs;
        highestPending = newHighestPending;
    }

    private void putMeta(RowBatch batch, long newMarker, long newStreamTimeMs, StoreMeta.Contents newContents) {
        if (newMarker > marker) {
            latestMeta.putMarker(batch, newMarker);
        }
        if (newStreamTimeMs > streamTimeMs) {
            latestMeta.putStreamTimeMs(batch, newStreamTimeMs);
        }
        meta.putContents(batch, newContents);
    }

    /** Drops the rows that are pending no more; the highest epoch of those that still are. */
    private long dropEmitted(long newMarker, RowBatch batch) {
        if (highestPending > marker && newMarker > marker) {
            batch.deleteRange(Table.QUEUES, QueueRows.pendingFrom(marker + 1), QueueRows.pendingFrom(newMarker + 1));
        }
        return highestPending;
    }

    private List<byte @Nullable []> oldRows(List<LatestChange> changes) {
        if (changes.isEmpty()) {
            return Collections.emptyList();
        }
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            return snapshot.findAll(
                    Table.LATEST,
                    changes.stream().map(change -> change.key().get()).toList());
        }
    }

    /** Deletes what else there is of an old row, except what the new one is about to write again. */
    private void forget(LatestChange change, LatestRow old, RowBatch batch) {
        byte[] key = change.key().get();
        if (old.tombstone()) {
            batch.delete(Table.QUEUES, QueueRows.tombstone(old.deletedAtMs(), key));
        }
        LatestRow row = change.row();
        List<byte[]> kept = row == null ? List.of() : row.indexKeys();
        for (byte[] indexKey : codec.indexKeysOf(old)) {
            if (kept.stream().noneMatch(other -> Arrays.equals(other, indexKey))) {
                batch.delete(Table.INDEX, indexKey, key);
            }
        }
    }

    private static void write(LatestChange change, long marker, RowBatch batch) {
        byte[] key = change.key().get();
        LatestRow row = change.row();
        if (row == null) {
            batch.delete(Table.LATEST, key);
            return;
        }
        batch.put(Table.LATEST, key, row.write());
        if (row.epoch() > marker) {
            batch.put(Table.QUEUES, QueueRows.pending(row.epoch(), key), NO_VALUE);
        }
        if (row.tombstone()) {
            batch.put(Table.QUEUES, QueueRows.tombstone(row.deletedAtMs(), key), NO_VALUE);
        }
        for (byte[] indexKey : row.indexKeys()) {
            batch.put(Table.INDEX, indexKey, key, NO_VALUE);
        }
    }
}
