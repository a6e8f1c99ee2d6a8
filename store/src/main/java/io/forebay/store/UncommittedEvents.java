package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** The sets of an event store, the active one of them up to a length. Immutable, as seen through this. */
record UncommittedEvents(Uncommitted<WriteSet> sets, int activeLength) {

    /** What is in them now. Only the active set still grows. */
    static UncommittedEvents of(Uncommitted<WriteSet> sets) {
        return new UncommittedEvents(sets, sets.active().length());
    }

    /** Without the sets that RocksDB has, given the number of the last one it has. */
    UncommittedEvents beyond(long written) {
        return new UncommittedEvents(sets.beyond(written), activeLength);
    }

    @Nullable
    Entry get(Bytes id) {
        Entry entry = sets.active().get(id, activeLength);
        return entry != null ? entry : getOlder(id, sets.active());
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
        Floor floor = sets.active().floor(activeLength);
        return floor != null ? floor : olderFloor(sets.active());
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
        all.add(sets.active());
        all.addAll(olderThan(sets.active()));
        return all;
    }

    /** How many entries of a set are to be seen. */
    int lengthOf(WriteSet set) {
        return set == sets.active() ? activeLength : set.length();
    }

    boolean isEmpty() {
        return activeLength == 0 && sets.sealed() == null && sets.writing() == null;
    }

    /** Whether memory knows better what the event at this position on disk is. */
    boolean hides(byte[] position) {
        return !isEmpty() && get(Bytes.wrap(Rows.idOf(position))) != null;
    }

    /** The newest entry of each id. */
    List<Entry> visible() {
        List<Entry> visible = sets.active().visible(activeLength);
        if (sets.sealed() == null && sets.writing() == null) {
            return visible;
        }
        Set<Bytes> newer = new HashSet<>();
        visible.forEach(entry -> newer.add(entry.id));
        for (WriteSet older : olderThan(sets.active())) {
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
        addIfOlder(sets.sealed(), set, older);
        addIfOlder(sets.writing(), set, older);
        return older;
    }

    private static void addIfOlder(@Nullable WriteSet candidate, WriteSet set, List<WriteSet> older) {
        if (candidate != null && candidate.number() < set.number()) {
            older.add(candidate);
        }
    }
}
