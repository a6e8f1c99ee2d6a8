package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into rows: one atomic batch for a set of them, with the offset and the position they stand for. A replaced
 * or deleted event takes all its rows along. What falls below the floor loses its row in the events' table, as part of a
 * range, and nothing else: {@link Sweeper} takes the rest. Belongs to one thread at a time.
 */
final class EventWriter<E> {

    private static final byte[] NO_VALUE = {};
    private static final byte[][] NO_KEYS = {};

    private final EventDatabase database;
    private final EventCodec<E> codec;
    private final StoreMeta meta;
    private final Sweeper sweeper;
    private final boolean needsTombstones;
    private StoreMeta.Contents contents;
    private Floor floor;

    /** The ids there are rows of; null if it is not known. */
    private @Nullable IdFilter idsOnDisk;

    /** One whose changelog needs no tombstones. */
    EventWriter(EventDatabase database, EventCodec<E> codec, StoreMeta meta) {
        this(database, codec, meta, null);
    }

    /** @param staleIds takes the ids that need tombstones in the changelog; null if none do */
    EventWriter(EventDatabase database, EventCodec<E> codec, StoreMeta meta, @Nullable StaleIds staleIds) {
        this.database = database;
        this.codec = codec;
        this.meta = meta;
        this.sweeper = new Sweeper(database, codec, meta, staleIds);
        this.needsTombstones = staleIds != null;
        this.contents = meta.contents();
        this.floor = meta.floor();
        this.idsOnDisk = meta.isNew() ? new IdFilter() : null;
    }

    /**
     * Writes the newest entry of each id.
     *
     * @param offset the changelog offset these entries stand for, or null to leave it as it is
     */
    void write(WriteSet set, @Nullable Long offset, @Nullable Position position) {
        Floor newFloor = Floor.higher(floor, set.floor(set.length()));
        RowBatch batch = database.newBatch();
        long events = contents.events();
        long stale = 0;
        if (newFloor != floor) {
            stale = drop(newFloor, batch);
            events -= stale;
        }
        List<Entry> entries = set.visible(set.length());
        List<byte @Nullable []> oldTimestamps = oldTimestamps(entries);
        UnreadableEvents unreadable = new UnreadableEvents(database, codec);
        boolean traces = needsTombstones && set.number() == ChangeSet.UNNUMBERED; // restored
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.unreadable != null) {
                throw entry.unreadable;
            }
            boolean trace = traces && entry.isHiddenBy(newFloor);
            events += write(entry, oldTimestamps.get(i), newFloor, trace, unreadable, batch);
            stale += trace ? 1 : 0;
        }
        unreadable.deleteIndexRows(batch);
        if (stale > 0) {
            meta.putStale(batch, meta.stale() + stale);
        }
        if (offset != null) {
            meta.putOffset(batch, offset);
        }
        if (position != null) {
            meta.putPosition(batch, position);
        }
        StoreMeta.Contents written = new StoreMeta.Contents(events, Math.max(contents.setNumber(), set.number()));
        meta.putContents(batch, written);
        database.write(batch);
        contents = written;
        floor = newFloor;
    }

    private List<byte @Nullable []> oldTimestamps(List<Entry> entries) {
        IdFilter filter = idsOnDisk;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            if (filter == null) {
                return snapshot.findAll(
                        Table.IDS, entries.stream().map(entry -> entry.id.get()).toList());
            }
            List<byte @Nullable []> timestamps = new ArrayList<>(entries.size());
            for (Entry entry : entries) {
                timestamps.add(filter.add(entry.id) ? null : snapshot.find(Table.IDS, entry.id.get()));
            }
            if (filter.isFull()) {
                idsOnDisk = null;
            }
            return timestamps;
        }
    }

    /** Removes some of the rows that events below the floor have left behind, if that is worth it; whether there is more to do. */
    boolean sweepSlice() {
        return sweeper.sweepSlice(floor, contents.events());
    }

    /** Drops all events below a new floor; how many. */
    private long drop(Floor newFloor, RowBatch batch) {
        long dropped;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            dropped = snapshot.countEvents(floor.position(), newFloor.position());
        }
        if (dropped > 0) {
            batch.deleteRange(Table.EVENTS, floor.position(), newFloor.position());
        }
        meta.putFloor(batch, newFloor);
        return dropped;
    }

    /**
     * By how much the entry changes the number of events.
     *
     * @param trace whether its event is below the floor, and has a record in the changelog that the sweeper is to find
     */
    private int write(
            Entry entry,
            byte @Nullable [] oldTimestamp,
            Floor current,
            boolean trace,
            UnreadableEvents unreadable,
            RowBatch batch) {
        byte[] id = entry.id.get();
        boolean existed = oldTimestamp != null && !current.hides(Rows.timestampOf(oldTimestamp), id);
        EventRow event = entry.liveAbove(current);
        if (oldTimestamp != null && existed) {
            deleteRows(Rows.concat(oldTimestamp, id), event, unreadable, batch);
        }
        if (event != null) {
            putRows(event, oldTimestamp, batch);
            return existed ? 0 : 1;
        }
        if (trace && entry.event != null) {
            batch.put(Table.IDS, id, Rows.timestamp(entry.event.timestampNanos()));
        } else if (oldTimestamp != null) {
            batch.delete(Table.IDS, id);
        }
        return existed ? -1 : 0;
    }

    private void putRows(EventRow event, byte @Nullable [] oldTimestamp, RowBatch batch) {
        byte[] timestamp = Rows.timestamp(event.timestampNanos());
        byte[] position = Rows.concat(timestamp, event.id());
        batch.put(Table.EVENTS, position, event.payload());
        if (!Arrays.equals(timestamp, oldTimestamp)) {
            batch.put(Table.IDS, event.id(), timestamp);
        }
        for (byte[] key : event.indexKeys()) {
            batch.put(Table.INDEX, key, position, NO_VALUE);
        }
    }

    /** Deletes the rows of a stored event, except those that its replacement is about to write again. */
    private void deleteRows(
            byte[] position, @Nullable EventRow replacement, UnreadableEvents unreadable, RowBatch batch) {
        byte[] payload = database.get(Table.EVENTS, position);
        if (payload == null) {
            return;
        }
        byte[][] keptKeys = NO_KEYS;
        if (replacement != null && replacement.timestampNanos() == Rows.timestampOf(position)) {
            keptKeys = replacement.indexKeys();
        } else {
            batch.delete(Table.EVENTS, position);
        }
        EventRow old;
        try {
            old = codec.restore(payload);
        } catch (RuntimeException e) {
            unreadable.add(position, keptKeys, e);
            return;
        }
        for (byte[] key : old.indexKeys()) {
            if (!Rows.contains(keptKeys, key)) {
                batch.delete(Table.INDEX, key, position);
            }
        }
    }
}
