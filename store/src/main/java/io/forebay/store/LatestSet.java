package io.forebay.store;

import io.forebay.store.KnownKeys.Known;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a latest store, one for each key: a newer one takes the place of the one before, so that the set grows with the number
 * of keys and not of updates. Readers beside the writer see each key as it is when they come to it.
 */
final class LatestSet extends ChangeSet {

    /** No marker. */
    static final long NONE = -1;

    private final ConcurrentHashMap<Bytes, LatestChange> changes = new ConcurrentHashMap<>();
    private final AtomicLong sizeBytes = new AtomicLong();
    private final AtomicLong added = new AtomicLong();

    // The rest belongs to the writer until the set is sealed, and to the thread that writes it to RocksDB then.

    /** What may be logged ahead, in the order of arrival; null where nothing is. */
    private @Nullable List<LatestChange> unlogged;

    /** Rows that wait in the outbox, oldest first; those that have been replaced meanwhile are among them. */
    private List<LatestChange> pending = new ArrayList<>();

    /** Keys of rows in the table of queues that have done their duty. */
    private final List<byte[]> doneQueueRows = new ArrayList<>();

    private long loggedMarker = NONE;
    private long marker = NONE;
    private long streamTimeMs = Long.MIN_VALUE;

    /** A set that is logged in one piece, if at all. */
    LatestSet(long number) {
        super(number);
    }

    /** A set that can be logged piece by piece. */
    static LatestSet loggedAhead(long number) {
        LatestSet set = new LatestSet(number);
        set.unlogged = new ArrayList<>();
        return set;
    }

    /**
     * Puts a change in the place of the one before. Writer only.
     *
     * @param existed whether the key had a value before, here or in older sets or on disk
     */
    void put(LatestChange change, boolean existed) {
        LatestChange replaced = changes.put(change.key(), change);
        if (unlogged != null) {
            unlogged.add(change);
        }
        grow(change.sizeBytes() - (replaced == null ? 0 : replaced.sizeBytes()), change.isLive(), existed);
    }

    /** Puts a row in the place of that of a known key's change, which is in this set. Writer only. */
    void replace(Known known, LatestChange change, LatestRow newer) {
        change.replace(newer);
        grow(newer.sizeBytes() - known.rowBytes(), !newer.tombstone(), known.isLive());
    }

    /** One thread writes, so that there is nothing to be lost between reading and writing. */
    private void grow(int bytes, boolean exists, boolean existed) {
        sizeBytes.setRelease(sizeBytes.getPlain() + bytes);
        if (exists != existed) {
            added.setRelease(added.getPlain() + (exists ? 1 : -1));
        }
    }

    /** Adds that a change waits to be emitted. */
    void addPending(LatestChange change) {
        pending.add(change);
    }

    @Override
    void seal(Position sealedAt) {
        super.seal(sealedAt);
        unlogged = null;
        changes.values().forEach(LatestChange::seal);
    }

    /** A set of everything in this one and then everything in a later one. Writer only. */
    LatestSet plus(LatestSet later) {
        LatestSet both = new LatestSet(later.number());
        both.changes.putAll(changes);
        both.changes.putAll(later.changes);
        both.sizeBytes.set(both.changes.values().stream()
                .mapToLong(LatestChange::sizeBytes)
                .sum());
        both.added.set(added() + later.added());
        both.pending.addAll(pending);
        both.pending.addAll(later.pending);
        both.doneQueueRows.addAll(doneQueueRows);
        both.doneQueueRows.addAll(later.doneQueueRows);
        both.loggedMarker = Math.max(loggedMarker, later.loggedMarker);
        both.marker = Math.max(marker, later.marker);
        both.streamTimeMs = Math.max(streamTimeMs, later.streamTimeMs);
        return both;
    }

    @Nullable
    LatestChange get(Bytes key) {
        return changes.get(key);
    }

    Collection<LatestChange> changes() {
        return changes.values();
    }

    int size() {
        return changes.size();
    }

    @Override
    int unlogged() {
        return unlogged == null ? 0 : unlogged.size();
    }

    /** Takes out what may be logged ahead, all but the last, of which there is one. Writer only. */
    List<LatestChange> takeUnlogged() {
        if (unlogged == null) {
            return List.of();
        }
        int last = unlogged.size() - 1;
        List<LatestChange> fresh =
                unlogged.subList(0, last).stream().filter(LatestChange::isFresh).toList();
        unlogged = new ArrayList<>(unlogged.subList(last, last + 1));
        return fresh;
    }

    @Override
    boolean isEmpty() {
        return changes.isEmpty() && doneQueueRows.isEmpty() && loggedMarker == NONE;
    }

    @Override
    long sizeBytes() {
        return sizeBytes.getAcquire();
    }

    /** By how much the set changes the number of keys that have a value. */
    long added() {
        return added.getAcquire();
    }

    List<LatestChange> pending() {
        return pending;
    }

    /** Everything in it has been emitted. */
    void clearPending() {
        pending = new ArrayList<>();
    }

    void addDoneQueueRow(byte[] key) {
        doneQueueRows.add(key);
    }

    List<byte[]> doneQueueRows() {
        return doneQueueRows;
    }

    /** The marker that goes into the changelog with this set, or {@link #NONE}. */
    long loggedMarker() {
        return loggedMarker;
    }

    void loggedMarker(long epoch) {
        loggedMarker = epoch;
    }

    /** Up to which epoch everything is emitted once this set is in RocksDB, or {@link #NONE} to leave that as it is. */
    long marker() {
        return marker;
    }

    void marker(long epoch) {
        marker = Math.max(marker, epoch);
    }

    /** The newest timestamp there has been when the set was sealed. */
    long streamTimeMs() {
        return streamTimeMs;
    }

    void streamTimeMs(long timeMs) {
        streamTimeMs = Math.max(streamTimeMs, timeMs);
    }
}
