package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The newest entry of each id, in a hash table with linear probing: one object for all of them, where a map has one for each, and
 * one look where it takes two to replace what was there. Written by one thread, read by many without locks.
 *
 * <p>An entry that comes is published with its slot, and never leaves it but for a newer one of the same id; the table grows by being
 * replaced. So a reader that holds an older table misses nothing that was there when it took the table.
 */
final class NewestEntries {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);
    private static final int INITIAL_SLOTS = 128;

    private volatile @Nullable Entry[] slots = new @Nullable Entry[INITIAL_SLOTS];
    private int size;

    /** The newest entry of an id, or null. */
    @Nullable
    Entry get(Bytes id) {
        @Nullable Entry[] table = slots;
        for (int slot = HashTables.home(id.hashCode(), table.length); ; slot = HashTables.next(slot, table.length)) {
            Entry entry = (Entry) SLOT.getAcquire(table, slot); // once: a free slot may be taken any time
            if (entry == null || entry.id.equals(id)) {
                return entry;
            }
        }
    }

    /** Replaces the entry of the same id, if there is one. Writer only. */
    void put(Entry entry) {
        @Nullable Entry[] table = slots;
        int slot = slotOf(entry.id, table);
        if (table[slot] == null) {
            size++;
        }
        SLOT.setRelease(table, slot, entry);
        if (size > table.length / 2) {
            slots = grown(table);
        }
    }

    int size() {
        return size;
    }

    private static @Nullable Entry[] grown(@Nullable Entry[] table) {
        @Nullable Entry[] larger = new @Nullable Entry[table.length * 2];
        for (Entry entry : table) {
            if (entry != null) {
                larger[slotOf(entry.id, larger)] = entry;
            }
        }
        return larger;
    }

    /** The slot of an id, or the free one where it has to go. Writer only. */
    private static int slotOf(Bytes id, @Nullable Entry[] table) {
        int slot = HashTables.home(id.hashCode(), table.length);
        for (Entry entry = table[slot]; entry != null && !entry.id.equals(id); entry = table[slot]) {
            slot = HashTables.next(slot, table.length);
        }
        return slot;
    }
}
