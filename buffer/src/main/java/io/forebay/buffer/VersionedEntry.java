package io.forebay.buffer;

import org.jspecify.annotations.Nullable;

/**
 * A key with its newest value and version.
 *
 * <p>Entries that a {@link PutNewerBuffer} hands over do not change any more; entries made by the factory methods never do.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
public final class VersionedEntry<K, V> {
    /** The version of a key that was only ever written without one. */
    static final long UNVERSIONED = Long.MIN_VALUE;

    private final K key;
    final int hash;
    private @Nullable V value;
    private long version;
    private @Nullable Comparable<?> order;
    private int updates;
    private boolean removed;
    private boolean unconditional;
    int bytes;

    VersionedEntry(K key, int hash, @Nullable V value, long version, @Nullable Comparable<?> order) {
        this.key = key;
        this.hash = hash;
        this.value = value;
        this.version = version;
        this.order = order;
    }

    /** An entry with a {@code long} version. A null value says that the key is deleted as of this version. */
    public static <K, V> VersionedEntry<K, V> of(K key, @Nullable V value, long version) {
        return new VersionedEntry<>(key, EntryTable.hash(key), value, version, null);
    }

    /** An entry with a version of any order, such as a ULID. A null value says that the key is deleted as of this version. */
    public static <K, V> VersionedEntry<K, V> ofOrdered(K key, @Nullable V value, Comparable<?> version) {
        return new VersionedEntry<>(key, EntryTable.hash(key), value, 0, version);
    }

    public K key() {
        return key;
    }

    /** The value; null says that the key is deleted as of this version. */
    public @Nullable V value() {
        return value;
    }

    /** The version, if versions are {@code long}; {@link Long#MIN_VALUE} if the key was only ever written without one. */
    public long version() {
        return version;
    }

    /** The version, if versions are not {@code long}; null if they are, or if the key was only ever written without one. */
    public @Nullable Comparable<?> orderedVersion() {
        return order;
    }

    /** How many times the value was replaced since the entry came into the buffer. */
    public int updates() {
        return updates;
    }

    boolean isRemoved() {
        return removed;
    }

    /** Whether the last write came without a version, and therefore holds whatever is stored. */
    boolean isUnconditional() {
        return unconditional;
    }

    void replace(@Nullable V newValue, long newVersion, @Nullable Comparable<?> newOrder) {
        value = newValue;
        version = newVersion;
        order = newOrder;
        unconditional = false;
        updates++;
    }

    /** A write without a version: the newest version that is known stays. */
    void replace(@Nullable V newValue) {
        value = newValue;
        unconditional = true;
        updates++;
    }

    void markUnconditional() {
        unconditional = true;
    }

    void raiseVersion(VersionedEntry<K, V> other) {
        if (!other.isUnversioned() && isOlderThan(other.version, other.order)) {
            version = other.version;
            order = other.order;
        }
    }

    VersionedEntry<K, V> copy() {
        VersionedEntry<K, V> copy = new VersionedEntry<>(key, hash, value, version, order);
        copy.updates = updates;
        copy.unconditional = unconditional;
        copy.bytes = bytes;
        return copy;
    }

    private boolean isUnversioned() {
        return order == null && version == UNVERSIONED;
    }

    /** Brings back an entry that was removed before it was handed over. */
    void revive() {
        removed = false;
        updates = 0;
    }

    /** The key is not handed over; the entry stays to remember the version. */
    void remove() {
        removed = true;
        value = null;
    }

    boolean isOlderThan(long otherVersion, @Nullable Comparable<?> otherOrder) {
        if (otherOrder == null && order == null) {
            return version < otherVersion;
        }
        return isUnversioned() || isOlderThan(otherVersion, order, otherOrder);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private boolean isOlderThan(long otherVersion, @Nullable Comparable known, @Nullable Comparable<?> other) {
        if (known == null || other == null || known.getClass() != other.getClass()) {
            throw new IllegalArgumentException("versions of one buffer must be of one type: key=" + key
                    + ", known version=" + (known != null ? known : version) + ", new version="
                    + (other != null ? other : otherVersion));
        }
        return known.compareTo(other) < 0;
    }

    @Override
    public String toString() {
        return "VersionedEntry[key=" + key + ", value=" + value + ", version=" + (order != null ? order : version)
                + ", updates=" + updates + ']';
    }
}
