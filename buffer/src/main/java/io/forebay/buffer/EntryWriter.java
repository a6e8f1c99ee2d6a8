package io.forebay.buffer;

import org.jspecify.annotations.Nullable;

/**
 * The writes of a {@link PutNewerBuffer} in one of its partitions.
 *
 * <p>A key is looked up on the active side first: if it is there, its entry is updated in place, which needs no room. If not, it is compared with
 * the side in flight and added. Making room may leave the lane, and what was looked up before is then looked up again.
 */
final class EntryWriter<K, V> {
    private final PutNewerBuffer<K, V> buffer;
    private final Lane<VersionedEntry<K, V>, EntryTable<K, V>> lane;

    EntryWriter(PutNewerBuffer<K, V> buffer, Lane<VersionedEntry<K, V>, EntryTable<K, V>> lane) {
        this.buffer = buffer;
        this.lane = lane;
    }

    /** Writes if no version is known or only an older one; returns whether it was written. */
    boolean putNewer(K key, int hash, @Nullable V value, long version, @Nullable Comparable<?> order, int bytes) {
        boolean written;
        boolean due;
        long lostBefore;
        long lost;
        lane.enter();
        try {
            lostBefore = lane.rejected;
            written = putNewerInside(key, hash, value, version, order, bytes);
            due = buffer.isDue(lane);
            lost = lane.rejected - lostBefore;
        } finally {
            lane.exit();
        }
        buffer.afterWrite(lane, due, lost);
        return written;
    }

    /** Writes whatever version is known; returns whether it was written. */
    boolean put(VersionedEntry<K, V> entry, int bytes) {
        boolean written;
        boolean due;
        long lostBefore;
        long lost;
        lane.enter();
        try {
            lostBefore = lane.rejected;
            written = putInside(entry, bytes);
            due = buffer.isDue(lane);
            lost = lane.rejected - lostBefore;
        } finally {
            lane.exit();
        }
        buffer.afterWrite(lane, due, lost);
        return written;
    }

    /**
     * Writes those updates that belong to this partition, as {@link #putNewer} does.
     *
     * @param partitions of each update; null if there is only one
     * @param weights of each update; empty if there is no weigher
     * @return how many were written
     */
    int putAllNewer(VersionedEntry<K, V>[] updates, int @Nullable [] partitions, int[] weights) {
        lane.enter();
        return putAllAndExit(updates, partitions, weights);
    }

    /** Does the same if nobody is inside; else does nothing and returns {@link PutNewerBuffer#OCCUPIED}. */
    int tryPutAllNewer(VersionedEntry<K, V>[] updates, int @Nullable [] partitions, int[] weights) {
        return lane.tryEnter() ? putAllAndExit(updates, partitions, weights) : PutNewerBuffer.OCCUPIED;
    }

    private int putAllAndExit(VersionedEntry<K, V>[] updates, int @Nullable [] partitions, int[] weights) {
        int written = 0;
        boolean due;
        long lostBefore;
        long lost;
        try {
            lostBefore = lane.rejected;
            for (int i = 0; i < updates.length; i++) {
                if (partitions == null || partitions[i] == lane.index) {
                    int bytes = weights.length == 0 ? 0 : weights[i];
                    written += putNewerInside(updates[i], bytes) ? 1 : 0;
                }
            }
            due = buffer.isDue(lane);
            lost = lane.rejected - lostBefore;
        } finally {
            lane.exit();
        }
        buffer.afterWrite(lane, due, lost);
        return written;
    }

    /** A copy of the entry that has not been delivered, or null. */
    @Nullable
    VersionedEntry<K, V> entry(K key, int hash) {
        lane.enter();
        try {
            VersionedEntry<K, V> entry = lane.active.find(key, hash);
            if (entry == null || entry.isRemoved()) {
                entry = lane.active.findSealed(key, hash);
            }
            return entry == null || entry.isRemoved() ? null : entry.copy();
        } finally {
            lane.exit();
        }
    }

    /** Takes an entry off the active side; returns whether there was one. */
    boolean delete(K key, int hash) {
        lane.enter();
        try {
            VersionedEntry<K, V> entry = lane.active.find(key, hash);
            if (entry == null || entry.isRemoved()) {
                return false;
            }
            lane.active.remove(entry);
            lane.deleted++;
            lane.signalChange();
            return true;
        } finally {
            lane.exit();
        }
    }

    private boolean putNewerInside(VersionedEntry<K, V> update, int bytes) {
        return putNewerInside(
                update.key(), update.hash, update.value(), update.version(), update.orderedVersion(), bytes);
    }

    private boolean putNewerInside(
            K key, int hash, @Nullable V value, long version, @Nullable Comparable<?> order, int bytes) {
        VersionedEntry<K, V> known = lane.active.find(key, hash);
        if (known != null) {
            return replaceInside(known, value, version, order, bytes);
        }
        VersionedEntry<K, V> sealed = lane.active.findSealed(key, hash);
        if (sealed != null && !sealed.isOlderThan(version, order)) {
            lane.outdated++;
            return false;
        }
        return addInside(new VersionedEntry<>(key, hash, value, version, order), bytes);
    }

    private boolean replaceInside(
            VersionedEntry<K, V> known, @Nullable V value, long version, @Nullable Comparable<?> order, int bytes) {
        buffer.admission().check(lane);
        if (!known.isOlderThan(version, order)) {
            lane.outdated++;
            return false;
        }
        known.replace(value, version, order);
        bookReplaced(known, bytes);
        return true;
    }

    private void bookReplaced(VersionedEntry<K, V> known, int bytes) {
        lane.active.weigh(known, bytes);
        lane.lock.accepted++;
        if (known.isRemoved()) {
            lane.active.revive(known);
        } else {
            lane.lock.coalesced++;
        }
    }

    private boolean putInside(VersionedEntry<K, V> entry, int bytes) {
        VersionedEntry<K, V> known = lane.active.find(entry.key(), entry.hash);
        if (known != null) {
            buffer.admission().check(lane);
            known.raiseVersion(entry);
            known.replace(entry.value());
            bookReplaced(known, bytes);
            return true;
        }
        VersionedEntry<K, V> sealed = lane.active.findSealed(entry.key(), entry.hash);
        if (sealed != null) {
            entry.raiseVersion(sealed);
        }
        return addInside(entry, bytes);
    }

    private boolean addInside(VersionedEntry<K, V> entry, int bytes) {
        long epoch = lane.writeEpoch();
        if (!buffer.admission().makeRoom(lane, bytes)) {
            return false;
        }
        if (epoch != lane.writeEpoch()) {
            return entry.isUnconditional() ? putInside(entry, bytes) : putNewerInside(entry, bytes);
        }
        entry.bytes = bytes;
        lane.active.add(entry);
        lane.lock.accepted++;
        return true;
    }
}
