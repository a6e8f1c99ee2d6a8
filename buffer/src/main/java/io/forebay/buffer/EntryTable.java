package io.forebay.buffer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest entry of each key: a hash table with open addressing and linear probing, at most half full. Entries are updated in place, and also
 * stand in an array in the order in which their keys came, which is what gets handed over. Entries are never taken out one by one; a
 * removed entry stays, marked, and remembers its version.
 */
final class EntryTable<K, V> implements Table<VersionedEntry<K, V>> {
    private static final int MIN_CAPACITY = 16;
    private static final int MAX_INITIAL_CAPACITY = 1 << 18;

    private @Nullable VersionedEntry<K, V>[] table = newArray(MIN_CAPACITY * 2);
    private @Nullable VersionedEntry<K, V>[] entries = newArray(MIN_CAPACITY);
    private int count;
    private int removed;
    private long bytes;
    /** What the sealed side in flight was made of, to look keys up in it. */
    private @Nullable VersionedEntry<K, V>[] sealedTable = newArray(2);

    static int hash(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }

    @Override
    public int size() {
        return count - removed;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Nullable
    VersionedEntry<K, V> find(K key, int hash) {
        return find(table, key, hash);
    }

    /** The entry of the side that was sealed last; it may have been delivered. */
    @Nullable
    VersionedEntry<K, V> findSealed(K key, int hash) {
        return find(sealedTable, key, hash);
    }

    private static <K, V> @Nullable VersionedEntry<K, V> find(@Nullable VersionedEntry<K, V>[] table, K key, int hash) {
        int mask = table.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            VersionedEntry<K, V> entry = table[i];
            if (entry == null
                    || (entry.hash == hash && (entry.key() == key || entry.key().equals(key)))) {
                return entry;
            }
        }
    }

    /** Adds the entry of a key that is not in the table. */
    void add(VersionedEntry<K, V> entry) {
        if (count == entries.length) {
            grow();
        }
        entries[count++] = entry;
        bytes += entry.bytes;
        insert(table, entry);
    }

    void weigh(VersionedEntry<K, V> entry, int newBytes) {
        if (newBytes != entry.bytes) { // spares other writers a cache line that has not changed
            bytes += newBytes - entry.bytes;
            entry.bytes = newBytes;
        }
    }

    void remove(VersionedEntry<K, V> entry) {
        entry.remove();
        weigh(entry, 0);
        removed++;
    }

    void revive(VersionedEntry<K, V> entry) {
        entry.revive();
        removed--;
    }

    /** Makes room, by forgetting removed entries if they are many, else by doubling. */
    private void grow() {
        boolean mostlyRemoved = removed > count / 2;
        int capacity = mostlyRemoved ? entries.length : entries.length * 2;
        @Nullable VersionedEntry<K, V>[] grown = newArray(capacity);
        if (mostlyRemoved) {
            count = compact();
            removed = 0;
        }
        System.arraycopy(entries, 0, grown, 0, count);
        entries = grown;
        table = newArray(capacity * 2);
        for (int i = 0; i < count; i++) {
            VersionedEntry<K, V> entry = entries[i];
            if (entry != null) {
                insert(table, entry);
            }
        }
    }

    private static <K, V> void insert(@Nullable VersionedEntry<K, V>[] table, VersionedEntry<K, V> entry) {
        int mask = table.length - 1;
        int i = entry.hash & mask;
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = entry;
    }

    @Override
    public List<VersionedEntry<K, V>> peek() {
        List<VersionedEntry<K, V>> copy = new ArrayList<>(size());
        for (int i = 0; i < count; i++) {
            VersionedEntry<K, V> entry = entries[i];
            if (entry != null && !entry.isRemoved()) {
                copy.add(entry);
            }
        }
        return copy;
    }

    @Override
    public Sealed<VersionedEntry<K, V>> seal() {
        int live = removed == 0 ? count : compact();
        Sealed<VersionedEntry<K, V>> sealed = new Sealed<>(entries, 0, live, bytes);
        sealedTable = table;
        int capacity = MIN_CAPACITY;
        while (capacity < live && capacity < MAX_INITIAL_CAPACITY) {
            capacity *= 2;
        }
        entries = newArray(capacity);
        table = newArray(capacity * 2);
        count = 0;
        removed = 0;
        bytes = 0;
        return sealed;
    }

    private int compact() {
        int to = 0;
        for (int i = 0; i < count; i++) {
            VersionedEntry<K, V> entry = entries[i];
            entries[i] = null;
            if (entry != null && !entry.isRemoved()) {
                entries[to++] = entry;
            }
        }
        return to;
    }

    @Override
    public void forgetSealed() {
        sealedTable = newArray(2);
    }

    @SuppressWarnings("unchecked")
    static <K, V> @Nullable VersionedEntry<K, V>[] newArray(int length) {
        return (VersionedEntry<K, V>[]) new VersionedEntry<?, ?>[length];
    }
}
