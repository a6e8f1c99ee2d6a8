package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The sets in memory, each of which hides what the later ones, and RocksDB, have of the same id. Immutable: replaced as a
 * whole when a set moves on, so that a reader sees by identity whether one has.
 *
 * @param active what is being put
 * @param sealed what was logged before the commit that is under way, or was the last
 * @param writing what is known to be committed and on its way to RocksDB
 */
record Uncommitted(
        WriteSet active,
        @Nullable WriteSet sealed,
        @Nullable WriteSet writing) {

    /** How many sets there are at most. */
    static final int SETS = 3;

    static Uncommitted empty() {
        return emptyAfter(WriteSet.UNNUMBERED);
    }

    private static final WriteSet NOTHING = new WriteSet(Long.MAX_VALUE); // never written to

    /** Nothing, after the set with this number. */
    static Uncommitted emptyAfter(long number) {
        return new Uncommitted(new WriteSet(number + 1), null, null);
    }

    /** Nothing, after what is here. */
    Uncommitted dropped() {
        return emptyAfter(active.number());
    }

    /** The active set is sealed, if there is anything in it, and the one sealed before is being written. */
    Uncommitted afterSealing() {
        return active.isEmpty() ? afterCommit() : new Uncommitted(new WriteSet(active.number() + 1), active, sealed);
    }

    /** The active and the sealed set are sealed as one. */
    Uncommitted afterSealing(WriteSet both) {
        return new Uncommitted(new WriteSet(both.number() + 1), both, writing);
    }

    /** The sealed set is being written. */
    Uncommitted afterCommit() {
        return new Uncommitted(active, null, sealed);
    }

    /** A set is in RocksDB. */
    Uncommitted afterWriting(WriteSet set) {
        return writing == set ? new Uncommitted(active, sealed, null) : this;
    }

    /** What of it is known to be committed. The sealed set is not: its commit may be under way. */
    Uncommitted committed() {
        return new Uncommitted(NOTHING, null, writing);
    }

    long sizeBytes() {
        return active.sizeBytes() + sizeBytes(sealed) + sizeBytes(writing);
    }

    private static long sizeBytes(@Nullable WriteSet set) {
        return set == null ? 0 : set.sizeBytes();
    }

    /** What is in them now. Only the active set still grows. */
    View view() {
        return new View(this, active.length());
    }

    /** The sets, the active one of them up to a length. Immutable, as seen through this. */
    record View(Uncommitted sets, int activeLength) {

        /** Without the sets that RocksDB has, given the number of the last one it has. */
        View beyond(long written) {
            WriteSet writing = sets.writing;
            return writing == null || writing.number() > written
                    ? this
                    : new View(new Uncommitted(sets.active, sets.sealed, null), activeLength);
        }

        @Nullable
        Entry get(Bytes id) {
            Entry entry = sets.active.get(id, activeLength);
            return entry != null ? entry : getOlder(id, sets.active);
        }

        /** What the sets older than the given one have of an id. */
        @Nullable
        Entry getOlder(Bytes id, WriteSet than) {
            for (WriteSet older : olderThan(than)) {
                Entry entry = older.get(id, older.length());
                if (entry != null) {
                    return entry;
                }
            }
            return null;
        }

        /** The floor that these sets raised last, or null if they did not. */
        @Nullable
        Floor floor() {
            Floor floor = sets.active.floor(activeLength);
            return floor != null ? floor : olderFloor(sets.active);
        }

        /** The floor that the sets older than the given one raised last, or null if they did not. */
        @Nullable
        Floor olderFloor(WriteSet than) {
            for (WriteSet older : olderThan(than)) {
                Floor floor = older.floor(older.length());
                if (floor != null) {
                    return floor;
                }
            }
            return null;
        }

        /** The sets, the newest first. */
        List<WriteSet> all() {
            List<WriteSet> all = new ArrayList<>(3);
            all.add(sets.active);
            all.addAll(olderThan(sets.active));
            return all;
        }

        /** How many entries of a set are to be seen. */
        int lengthOf(WriteSet set) {
            return set == sets.active ? activeLength : set.length();
        }

        /** Whether memory knows better what the event at this position on disk is. */
        boolean hides(byte[] position) {
            if (activeLength == 0 && sets.sealed == null && sets.writing == null) {
                return false;
            }
            return get(Bytes.wrap(Rows.idOf(position))) != null;
        }

        /** The newest entry of each id. */
        List<Entry> visible() {
            List<Entry> visible = sets.active.visible(activeLength);
            if (sets.sealed == null && sets.writing == null) {
                return visible;
            }
            Set<Bytes> newer = new HashSet<>();
            visible.forEach(entry -> newer.add(entry.id));
            for (WriteSet older : olderThan(sets.active)) {
                for (Entry entry : older.visible(older.length())) {
                    if (newer.add(entry.id)) {
                        visible.add(entry);
                    }
                }
            }
            return visible;
        }

        private List<WriteSet> olderThan(WriteSet set) {
            List<WriteSet> older = new ArrayList<>(2);
            if (sets.sealed != null && sets.sealed.number() < set.number()) {
                older.add(sets.sealed);
            }
            if (sets.writing != null && sets.writing.number() < set.number()) {
                older.add(sets.writing);
            }
            return older;
        }
    }
}
