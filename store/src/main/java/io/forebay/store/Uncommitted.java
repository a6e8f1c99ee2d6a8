package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** The sets in memory, from the newest to the oldest; replaced as a whole when one is sealed or written. */
record Uncommitted(List<WriteSet> sets) {

    static Uncommitted of(WriteSet active, @Nullable WriteSet sealed) {
        return new Uncommitted(sealed == null ? List.of(active) : List.of(active, sealed));
    }

    WriteSet active() {
        return sets.get(0);
    }

    @Nullable
    WriteSet sealed() {
        return sets.size() > 1 ? sets.get(1) : null;
    }

    /** What is in them now. Only the first set still grows. */
    View current() {
        return new View(sets, sets.get(0).length());
    }

    /** The sets, the first of them up to a length. Immutable, as seen through this. */
    record View(List<WriteSet> sets, int activeLength) {

        @Nullable
        Entry get(Bytes id) {
            for (int i = 0; i < sets.size(); i++) {
                Entry entry = sets.get(i).get(id, lengthOf(i));
                if (entry != null) {
                    return entry;
                }
            }
            return null;
        }

        /** Whether memory knows better what the event at this position on disk is. */
        boolean hides(byte[] position) {
            return get(Bytes.wrap(Rows.idOf(position))) != null;
        }

        List<Entry> visible() {
            List<Entry> visible = sets.get(0).visible(activeLength);
            if (sets.size() > 1) {
                Set<Bytes> newer = new HashSet<>();
                visible.forEach(entry -> newer.add(entry.id));
                for (int i = 1; i < sets.size(); i++) {
                    for (Entry entry : sets.get(i).visible(lengthOf(i))) {
                        if (newer.add(entry.id)) {
                            visible.add(entry);
                        }
                    }
                }
            }
            return visible;
        }

        long sizeBytes() {
            return sets.stream().mapToLong(WriteSet::sizeBytes).sum();
        }

        private int lengthOf(int set) {
            return set == 0 ? activeLength : sets.get(set).length();
        }
    }
}
