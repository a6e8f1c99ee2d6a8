package io.forebay.store;

import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the StreamThread knows of the keys that it has met lately, so that an update of one is decided by one look, whether its row is in a
 * set or in RocksDB.
 *
 * <p>There are two generations. What is met goes to the younger one; when that is full, it becomes the older one, and what was in the
 * older one and has not been met since is forgotten. So it is about the least recently used that goes, at no cost for each use.
 *
 * <p>Belongs to the StreamThread. O(1).
 */
final class KnownKeys {

    /** In place of a hash: nothing is there. */
    private static final int FREE = 0;

    private final long maxBytes;
    private Generation younger = new Generation();
    private Generation older = new Generation();

    /** @param maxBytes the memory of a generation, about */
    KnownKeys(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What is known of a key, or null if nothing is. It stays known until {@link #makeRoom} is called. */
    @Nullable
    Known get(Bytes key) {
        Known known = younger.get(key);
        if (known == null) {
            known = older.get(key);
            if (known != null) {
                younger.add(known);
            }
        }
        return known;
    }

    /**
     * Looks up the keys of updates. First it finds where they may be, for all of them, and then it looks there: so the processor waits for
     * memory once for several keys, and not for each by itself.
     *
     * @return what is known of each, in their order; null of those of which nothing is
     */
    @Nullable
    Known[] getAll(List<? extends PreparedUpdate<?, ?>> updates) {
        @Nullable Known[] found = new @Nullable Known[updates.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = younger.candidate(updates.get(i).keyBytes());
        }
        for (int i = 0; i < found.length; i++) {
            Bytes key = updates.get(i).keyBytes();
            Known candidate = found[i];
            if (candidate == null || !candidate.key.equals(key)) {
                found[i] = get(key);
            }
        }
        return found;
    }

    /**
     * Notes what there is of a key of which nothing is known.
     *
     * @param row its newest row, wherever it is, or null if it has none
     * @param change the change in the active set that has this row, or null if it is not there
     */
    Known add(Bytes key, @Nullable LatestRow row, @Nullable LatestChange change) {
        Known known = new Known(key);
        if (row != null) {
            known.become(row);
        }
        if (change != null) {
            known.enterChange(change);
        }
        younger.add(known);
        return known;
    }

    /** The row of a key has gone, from whatever set or table it was in. */
    void gone(Bytes key) {
        Known known = get(key);
        if (known != null) {
            known.vanish();
        }
    }

    /** Forgets what has not been met for long, if there is too much. */
    void makeRoom() {
        if (younger.sizeBytes > maxBytes) {
            older = younger;
            younger = new Generation();
        }
    }

    /** A key, and what an update of it has to be compared with. */
    static final class Known {

        private static final int OBJECTS_BYTES = 96;

        private final Bytes key;
        private boolean present;
        private boolean live;
        private long version;
        private long epoch;
        private int updates;
        private int rowBytes;
        private @Nullable LatestChange change;

        private Known(Bytes key) {
            this.key = key;
        }

        Bytes key() {
            return key;
        }

        /** Whether an update of this version is newer than what there is. */
        boolean isOlderThan(long other) {
            return !present || version < other;
        }

        /** Whether the key has a value. */
        boolean isLive() {
            return live;
        }

        /** The epoch of its row, or less than any if it has none. */
        long epoch() {
            return present ? epoch : Long.MIN_VALUE;
        }

        /** How many updates its row stands for. */
        int updates() {
            return updates;
        }

        /** What {@link LatestRow#sizeBytes} says of its row. */
        int rowBytes() {
            return rowBytes;
        }

        /** The change in the active set that has its row, or null if it is not there. */
        @Nullable
        LatestChange change() {
            return change;
        }

        /** It has a new row. */
        void become(LatestRow row) {
            present = true;
            live = !row.tombstone();
            version = row.version();
            epoch = row.epoch();
            updates = row.updates();
            rowBytes = row.sizeBytes();
        }

        void enterChange(LatestChange entered) {
            change = entered;
            entered.foundBy(this);
        }

        void leaveChange(LatestChange left) {
            if (change == left) {
                change = null;
            }
        }

        private void vanish() {
            present = false;
            live = false;
            updates = 0;
            rowBytes = 0;
            change = null;
        }
    }

    /** A hash table with linear probing, from which nothing is taken. The hashes lie apart, so that others' keys are hardly looked at. */
    private static final class Generation {

        private static final int INITIAL_SLOTS = 128;

        private int[] hashes = new int[INITIAL_SLOTS];
        private @Nullable Known[] slots = new @Nullable Known[INITIAL_SLOTS];
        private int size;
        private long sizeBytes;

        @Nullable
        Known get(Bytes key) {
            int hash = hashOf(key);
            for (int slot = HashTables.home(hash, slots.length);
                    hashes[slot] != FREE;
                    slot = HashTables.next(slot, slots.length)) {
                if (hashes[slot] == hash) {
                    Known known = Objects.requireNonNull(slots[slot]);
                    if (known.key.equals(key)) {
                        return known;
                    }
                }
            }
            return null;
        }

        /** The first whose hash is that of the key, which is hardly ever another's; or null. */
        @Nullable
        Known candidate(Bytes key) {
            int hash = hashOf(key);
            int slot = HashTables.home(hash, slots.length);
            while (hashes[slot] != FREE && hashes[slot] != hash) {
                slot = HashTables.next(slot, slots.length);
            }
            return slots[slot];
        }

        void add(Known known) {
            if (size >= slots.length / 2) {
                grow();
            }
            put(hashOf(known.key), known);
            size++;
            sizeBytes += Known.OBJECTS_BYTES + known.key.get().length;
        }

        private void grow() {
            int[] oldHashes = hashes;
            @Nullable Known[] oldSlots = slots;
            hashes = new int[oldSlots.length * 2];
            slots = new @Nullable Known[oldSlots.length * 2];
            for (int i = 0; i < oldSlots.length; i++) {
                if (oldHashes[i] != FREE) {
                    put(oldHashes[i], oldSlots[i]);
                }
            }
        }

        private void put(int hash, @Nullable Known known) {
            int slot = HashTables.home(hash, slots.length);
            while (hashes[slot] != FREE) {
                slot = HashTables.next(slot, slots.length);
            }
            hashes[slot] = hash;
            slots[slot] = known;
        }

        private static int hashOf(Bytes key) {
            int hash = key.hashCode();
            return hash == FREE ? 1 : hash;
        }
    }
}
