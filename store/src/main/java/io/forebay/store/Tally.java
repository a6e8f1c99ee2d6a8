package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the first entries of a set add up to. What an entry changes does not depend on when it is looked at, so every entry is
 * looked at once, by whoever asks first: statistics cost O(1) for each entry that has come since the last time.
 *
 * @param basis the moment that it stands for
 * @param length how many entries it covers
 * @param added the number of events that they add, less those that they remove
 * @param oldest the visible event of the set with the smallest position, or null
 * @param newest the visible event of the set with the largest position, or null
 */
record Tally(
        Basis basis,
        int length,
        long added,
        @Nullable Entry oldest,
        @Nullable Entry newest) {

    static final Tally NOTHING = new Tally(new Basis(Long.MIN_VALUE, 0), 0, 0, null, null);

    private static final Comparator<EventRow> BY_POSITION = Comparator.<EventRow>comparingLong(EventRow::timestampNanos)
            .thenComparing(EventRow::id, Arrays::compareUnsigned);

    /** The tally of a set as a snapshot sees it. */
    static Tally of(WriteSet set, StoreSnapshot snapshot) {
        Basis basis = Basis.of(snapshot.memory());
        Tally known = set.tally();
        Counter counter = new Counter(set, snapshot, known.basis.isAfter(basis) ? NOTHING : known);
        int length = snapshot.memory().lengthOf(set);
        counter.countUpTo(length);
        Tally tally = counter.toTally(basis, length);
        set.remember(tally);
        return tally;
    }

    /** How far memory had grown. */
    record Basis(long activeSet, int activeLength) {

        static Basis of(UncommittedEvents memory) {
            return new Basis(memory.sets().active().number(), memory.activeLength());
        }

        boolean isAfter(Basis other) {
            return activeSet == other.activeSet ? activeLength > other.activeLength : activeSet > other.activeSet;
        }
    }

    /** Goes on counting where a tally ends. */
    private static final class Counter {

        private final WriteSet set;
        private final StoreSnapshot snapshot;
        private final int start;
        private Floor floor;
        private long added;
        private @Nullable Entry oldest;
        private @Nullable Entry newest;

        Counter(WriteSet set, StoreSnapshot snapshot, Tally known) {
            this.set = set;
            this.snapshot = snapshot;
            this.start = known.length;
            this.added = known.added;
            this.oldest = known.oldest;
            this.newest = known.newest;
            Floor raised = set.floor(start);
            this.floor = raised == null ? snapshot.floorBefore(set) : raised;
        }

        void countUpTo(int length) {
            for (int i = start; i < length; i++) {
                count(set.entry(i));
            }
            if (isLost(oldest) || isLost(newest)) {
                oldest = null;
                newest = null;
                for (int i = 0; i < length; i++) {
                    if (!isLost(set.entry(i))) {
                        include(set.entry(i));
                    }
                }
            }
        }

        Tally toTally(Basis basis, int length) {
            return new Tally(basis, length, added, oldest, newest);
        }

        private void count(Entry entry) {
            if (entry.floor != null) {
                added -= entry.floor.evicted() - floor.evicted();
                floor = entry.floor;
                return;
            }
            Entry previous = entry.previous();
            boolean existed =
                    previous != null ? previous.liveAbove(floor) != null : snapshot.existedBefore(set, entry.id, floor);
            added += (entry.event == null ? 0 : 1) - (existed ? 1 : 0);
            include(entry);
        }

        private void include(Entry entry) {
            if (entry.event == null) {
                return;
            }
            if (oldest == null || compare(entry, oldest) < 0) {
                oldest = entry;
            }
            if (newest == null || compare(entry, newest) > 0) {
                newest = entry;
            }
        }

        /** Whether something newer, or the floor, hides the entry. */
        private boolean isLost(@Nullable Entry entry) {
            return entry != null && (snapshot.memory().get(entry.id) != entry || snapshot.live(entry) == null);
        }

        private static int compare(Entry left, Entry right) {
            return left.event == null || right.event == null ? 0 : BY_POSITION.compare(left.event, right.event);
        }
    }
}
