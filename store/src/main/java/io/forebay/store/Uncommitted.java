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

    static Uncommitted empty() {
        return new Uncommitted(new WriteSet(), null, null);
    }

    /** The active set is sealed, if there is anything in it, and the one sealed before is being written. */
    Uncommitted afterSealing() {
        return active.isEmpty() ? afterCommit() : new Uncommitted(new WriteSet(), active, sealed);
    }

    /** The active and the sealed set are sealed as one. */
    Uncommitted afterSealing(WriteSet both) {
        return new Uncommitted(new WriteSet(), both, writing);
    }

    /** The sealed set is being written. */
    Uncommitted afterCommit() {
        return new Uncommitted(active, null, sealed);
    }

    /** A set is in RocksDB. */
    Uncommitted afterWriting(WriteSet set) {
        return writing == set ? new Uncommitted(active, sealed, null) : this;
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

        @Nullable
        Entry get(Bytes id) {
            Entry entry = sets.active.get(id, activeLength);
            if (entry == null && sets.sealed != null) {
                entry = sets.sealed.get(id, sets.sealed.length());
            }
            if (entry == null && sets.writing != null) {
                entry = sets.writing.get(id, sets.writing.length());
            }
            return entry;
        }

        /** Whether memory knows better what the event at this position on disk is. */
        boolean hides(byte[] position) {
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
            for (WriteSet older : older()) {
                for (Entry entry : older.visible(older.length())) {
                    if (newer.add(entry.id)) {
                        visible.add(entry);
                    }
                }
            }
            return visible;
        }

        private List<WriteSet> older() {
            List<WriteSet> older = new ArrayList<>(2);
            if (sets.sealed != null) {
                older.add(sets.sealed);
            }
            if (sets.writing != null) {
                older.add(sets.writing);
            }
            return older;
        }
    }
}
