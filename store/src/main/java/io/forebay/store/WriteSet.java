package io.forebay.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Events and deletes on their way to RocksDB: written by one thread, read by many without locks.
 *
 * <p><b>Protocol.</b> Entries are appended to a log that is never rewritten. The writer links an entry to the one of the
 * same id that it supersedes, then publishes the new length (a volatile write). A reader takes the length once and from
 * then on sees the first {@code length} entries only: an entry is visible at that length if nothing before the length
 * supersedes it. That makes every reader's view a consistent snapshot, at the cost of keeping superseded entries until
 * the set is dropped.
 */
final class WriteSet extends ChangeSet {

    private static final int INITIAL_CAPACITY = 64;
    private static final Bytes FLOOR_KEY = Bytes.wrap(Floor.key());

    private final NewestEntries newest = new NewestEntries();
    private volatile Entry[] log = new Entry[INITIAL_CAPACITY];
    private volatile int length;
    private volatile long sizeBytes;
    private volatile Tally tally = Tally.NOTHING;

    /** How many entries are in the changelog already; belongs to the writer. */
    private int logged;

    /** A set that readers never see. */
    WriteSet() {
        this(UNNUMBERED);
    }

    /** @param number greater than that of every set before, so that RocksDB can tell which of them it has */
    WriteSet(long number) {
        super(number);
    }

    /** Appends. Writer only. */
    void add(Entry entry) {
        int at = length;
        Entry[] entries = log;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, at * 2);
            log = entries;
        }
        entry.sequence = at;
        entries[at] = entry;
        Entry previous = newest.get(entry.id);
        entry.previous = previous; // before the table shows the entry: readers follow this link
        if (previous != null) {
            previous.supersededBy = at;
        }
        newest.put(entry);
        sizeBytes = sizeBytes + entry.sizeBytes();
        length = at + 1;
    }

    /** A set of everything in this one and then everything in a later one. Writer only. */
    WriteSet plus(WriteSet later) {
        WriteSet both = new WriteSet(later.number());
        for (WriteSet set : List.of(this, later)) {
            for (int i = 0; i < set.length; i++) {
                both.add(new Entry(set.log[i].id, set.log[i].event, set.log[i].floor, set.log[i].unreadable));
            }
        }
        return both;
    }

    Entry entry(int index) {
        return log[index];
    }

    int length() {
        return length;
    }

    @Override
    boolean isEmpty() {
        return length == 0;
    }

    @Override
    long sizeBytes() {
        return sizeBytes;
    }

    /** The entry of this id that is visible at a length, or null. */
    @Nullable
    Entry get(Bytes id, int atLength) {
        Entry entry = newest.get(id);
        while (entry != null && entry.sequence >= atLength) {
            entry = entry.previous;
        }
        return entry;
    }

    /** The floor that was raised last at a length, or null if none was. */
    @Nullable
    Floor floor(int atLength) {
        Entry entry = get(FLOOR_KEY, atLength);
        return entry == null ? null : entry.floor;
    }

    @Override
    int unlogged() {
        return length - logged;
    }

    /** How many entries are in the changelog. Writer only. */
    int logged() {
        return logged;
    }

    /** The first entries are in the changelog. Writer only. */
    void logged(int entries) {
        logged = entries;
    }

    /** Every entry visible at a length but floors, in the order of arrival. */
    List<Entry> visible(int atLength) {
        return visible(0, atLength);
    }

    /** The same, without the first ones. */
    List<Entry> visible(int from, int atLength) {
        Entry[] entries = log;
        List<Entry> visible = new ArrayList<>(Math.min(atLength - from, newest.size()));
        for (int i = from; i < atLength; i++) {
            if (entries[i].supersededBy >= atLength && entries[i].floor == null) {
                visible.add(entries[i]);
            }
        }
        return visible;
    }

    /** What is known of the effect of the first entries. */
    Tally tally() {
        return tally;
    }

    /** Remembers a tally. Any thread: all come to the same result, and a shorter one costs only time. */
    void remember(Tally newTally) {
        tally = newTally;
    }

    /** An event put, an id deleted, a floor raised, or an event restored that cannot be read. */
    static final class Entry {

        final Bytes id;
        final @Nullable EventRow event;
        final @Nullable Floor floor;
        final @Nullable RuntimeException unreadable;

        private int sequence;
        private @Nullable Entry previous;
        private volatile int supersededBy = Integer.MAX_VALUE;

        private Entry(
                Bytes id, @Nullable EventRow event, @Nullable Floor floor, @Nullable RuntimeException unreadable) {
            this.id = id;
            this.event = event;
            this.floor = floor;
            this.unreadable = unreadable;
        }

        static Entry put(EventRow event) {
            return new Entry(Bytes.wrap(event.id()), event, null, null);
        }

        static Entry delete(byte[] id) {
            return new Entry(Bytes.wrap(id), null, null, null);
        }

        static Entry floor(Floor floor) {
            return new Entry(FLOOR_KEY, null, floor, null);
        }

        /** Fails the set it is in, unless something newer of the same id is there as well. */
        static Entry unreadable(byte[] id, RuntimeException failure) {
            return new Entry(Bytes.wrap(id), null, null, failure);
        }

        /** Whether there is an event, but below a floor. */
        boolean isHiddenBy(Floor current) {
            return event != null && current.hides(event);
        }

        /** The event that this entry leaves there under a floor, or null. */
        @Nullable
        EventRow liveAbove(Floor current) {
            return event == null || current.hides(event) ? null : event;
        }

        /** The entry of the same set that this one supersedes, or null. */
        @Nullable
        Entry previous() {
            return previous;
        }

        private int sizeBytes() {
            return event == null ? 64 + id.get().length : event.sizeBytes();
        }
    }
}
