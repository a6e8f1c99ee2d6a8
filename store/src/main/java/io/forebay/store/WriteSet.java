package io.forebay.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.Position;
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
final class WriteSet {

    private static final int INITIAL_CAPACITY = 64;

    private final ConcurrentHashMap<Bytes, Entry> newest = new ConcurrentHashMap<>();
    private volatile Entry[] log = new Entry[INITIAL_CAPACITY];
    private volatile int length;
    private volatile long sizeBytes;

    /** What had been put into the store when the set was sealed; belongs to the writer. */
    private @Nullable Position position;

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
        entry.previous = previous; // before the map shows the entry: readers follow this link
        if (previous != null) {
            previous.supersededBy = at;
        }
        newest.put(entry.id, entry);
        sizeBytes = sizeBytes + entry.sizeBytes();
        length = at + 1;
    }

    /** A set of everything in this one and then everything in a later one. Writer only. */
    WriteSet plus(WriteSet later) {
        WriteSet both = new WriteSet();
        for (WriteSet set : List.of(this, later)) {
            for (int i = 0; i < set.length; i++) {
                both.add(new Entry(set.log[i].id, set.log[i].event));
            }
        }
        return both;
    }

    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void seal(Position sealedAt) {
        position = sealedAt.copy();
    }

    @Nullable
    Position position() {
        return position;
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

    /** Every entry visible at a length, in the order of arrival. */
    List<Entry> visible(int atLength) {
        Entry[] entries = log;
        List<Entry> visible = new ArrayList<>(Math.min(atLength, newest.size()));
        for (int i = 0; i < atLength; i++) {
            if (entries[i].supersededBy >= atLength) {
                visible.add(entries[i]);
            }
        }
        return visible;
    }

    /** An event put, or an id deleted. */
    static final class Entry {

        final Bytes id;
        final @Nullable PreparedEvent<?> event;

        private int sequence;
        private @Nullable Entry previous;
        private volatile int supersededBy = Integer.MAX_VALUE;

        private Entry(Bytes id, @Nullable PreparedEvent<?> event) {
            this.id = id;
            this.event = event;
        }

        static Entry put(PreparedEvent<?> event) {
            return new Entry(Bytes.wrap(event.id()), event);
        }

        static Entry delete(byte[] id) {
            return new Entry(Bytes.wrap(id), null);
        }

        private int sizeBytes() {
            return event == null ? 64 + id.get().length : event.sizeBytes();
        }
    }
}
