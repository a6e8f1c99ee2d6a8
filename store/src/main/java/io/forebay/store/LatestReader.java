package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Answers queries from what is on disk and what is not yet.
 *
 * <p>Thread-safe.
 */
final class LatestReader<K, V> {

    private final LatestCodec<K, V> codec;
    private final EventDatabase database;
    private final StoreMeta meta;
    private final Supplier<Uncommitted<LatestSet>> uncommitted;
    private final Runnable requireOpen;

    /** @param requireOpen called again and again by what takes long; throws when the store is about to close */
    LatestReader(
            LatestCodec<K, V> codec,
            EventDatabase database,
            StoreMeta meta,
            Supplier<Uncommitted<LatestSet>> uncommitted,
            Runnable requireOpen) {
        this.codec = codec;
        this.database = database;
        this.meta = meta;
        this.uncommitted = uncommitted;
        this.requireOpen = requireOpen;
    }

    /** First memory, then disk: what leaves memory in between is on disk already. */
    Optional<Versioned<K, V>> get(LatestByKeyQuery<K, V> query) {
        byte[] key = codec.serializeKey(query.key());
        Uncommitted<LatestSet> all = uncommitted.get();
        Uncommitted<LatestSet> sets = query.isolation() == IsolationLevel.READ_COMMITTED ? all.committed() : all;
        LatestChange change = LatestSnapshot.newest(sets, Bytes.wrap(key));
        if (change != null) {
            return live(key, change.row());
        }
        byte[] bytes = database.get(Table.LATEST, key);
        return live(key, bytes == null ? null : LatestRow.read(bytes));
    }

    private Optional<Versioned<K, V>> live(byte[] key, @Nullable LatestRow row) {
        return row == null || row.tombstone() ? Optional.empty() : Optional.of(codec.versioned(key, row));
    }

    List<Versioned<K, V>> getAll(Collection<K> keys) {
        List<Bytes> asked = keys.stream()
                .map(key -> Bytes.wrap(codec.serializeKey(key)))
                .distinct()
                .toList();
        try (LatestSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED)) {
            return values(asked, snapshot);
        }
    }

    /** The values of those keys that have one, in their order. */
    private List<Versioned<K, V>> values(Collection<Bytes> keys, LatestSnapshot snapshot) {
        List<byte[]> notInMemory = keys.stream()
                .filter(key -> !snapshot.memory().containsKey(key))
                .map(Bytes::get)
                .toList();
        List<byte @Nullable []> found = snapshot.disk().getAll(Table.LATEST, notInMemory);
        List<Versioned<K, V>> values = new ArrayList<>();
        int next = 0;
        for (Bytes key : keys) {
            LatestChange change = snapshot.memory().get(key);
            byte[] stored = change == null ? found.get(next++) : null;
            LatestRow row = change != null ? change.row() : stored == null ? null : LatestRow.read(stored);
            live(key.get(), row).ifPresent(values::add);
        }
        return values;
    }

    List<Versioned<K, V>> query(LatestByIndexQuery<K, V> query) {
        byte[] prefix = codec.indexPrefix(query.index(), query.values());
        try (LatestSnapshot snapshot = snapshot(query.isolation())) {
            TreeMap<byte[], Bytes> hits = new TreeMap<>(Rows.UNSIGNED);
            addFromMemory(prefix, snapshot, hits);
            addFromDisk(query, prefix, snapshot, hits);
            List<Bytes> keys =
                    hits.values().stream().distinct().limit(query.limit()).toList();
            return values(keys, snapshot);
        }
    }

    private static void addFromMemory(byte[] prefix, LatestSnapshot snapshot, Map<byte[], Bytes> hits) {
        for (LatestChange change : snapshot.memory().values()) {
            LatestRow row = change.row();
            for (byte[] indexKey : row == null ? List.<byte[]>of() : row.indexKeys()) {
                if (Rows.startsWith(indexKey, prefix)) {
                    hits.put(Rows.concat(indexKey, change.key().get()), change.key());
                }
            }
        }
    }

    /** As many as are asked for: those from memory only come in between. */
    private void addFromDisk(
            LatestByIndexQuery<K, V> query, byte[] prefix, LatestSnapshot snapshot, Map<byte[], Bytes> hits) {
        RocksIterator rows = snapshot.disk().iterator(Table.INDEX, prefix, Rows.successor(prefix));
        int left = query.limit(); // rows, and so keys: a key has one row for all the values that are asked for
        for (rows.seekToFirst(); left > 0 && rows.isValid(); rows.next()) {
            requireOpen.run();
            byte[] row = rows.key();
            Bytes key = Bytes.wrap(Arrays.copyOfRange(row, codec.lengthOfIndexKey(query.index(), row), row.length));
            if (!snapshot.memory().containsKey(key)) {
                hits.put(row, key);
                left--;
            }
        }
        snapshot.disk().check(rows);
    }

    /** To be closed. */
    LatestScan<K, V> scan(@Nullable K from, @Nullable K to) {
        byte[] first = from == null ? new byte[0] : codec.serializeKey(from);
        byte[] end = to == null ? null : Rows.next(codec.serializeKey(to));
        LatestSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED);
        try {
            return new LatestScan<>(snapshot, codec, first, end, requireOpen);
        } catch (RuntimeException e) {
            snapshot.close();
            throw e;
        }
    }

    long count() {
        while (true) {
            Uncommitted<LatestSet> before = uncommitted.get();
            StoreMeta.Contents contents = meta.contents();
            if (uncommitted.get() == before) {
                return contents.events()
                        + LatestSnapshot.newestFirst(before.beyond(contents.setNumber())).stream()
                                .mapToLong(LatestSet::added)
                                .sum();
            }
        }
    }

    LatestStoreStats stats() {
        Uncommitted<LatestSet> sets = uncommitted.get();
        long changes = LatestSnapshot.newestFirst(sets).stream()
                .mapToLong(LatestSet::size)
                .sum();
        return new LatestStoreStats(count(), changes, sets.sizeBytes(), database.sizeBytes());
    }

    private LatestSnapshot snapshot(IsolationLevel isolation) {
        return LatestSnapshot.of(uncommitted, database, isolation);
    }
}
