package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Walks the keys of a latest store that have a value, in the order of their bytes: disk merged with memory. Owns its snapshot. Belongs to
 * one thread.
 */
final class LatestScan<K, V> implements Steps<Versioned<K, V>> {

    private final LatestSnapshot snapshot;
    private final LatestCodec<K, V> codec;
    private final Runnable requireOpen;
    private final List<LatestChange> memory;
    private final RocksIterator disk;
    private int nextInMemory;
    private byte @Nullable [] key;
    private @Nullable LatestRow row;

    /**
     * @param from the first key
     * @param end what is behind the last key, or null if nothing is
     * @param requireOpen called for every row; throws when the store is about to close
     */
    LatestScan(
            LatestSnapshot snapshot,
            LatestCodec<K, V> codec,
            byte[] from,
            byte @Nullable [] end,
            Runnable requireOpen) {
        this.snapshot = snapshot;
        this.codec = codec;
        this.requireOpen = requireOpen;
        this.memory = inRange(snapshot, from, end);
        this.disk = snapshot.disk().iterator(Table.LATEST, from, end);
        disk.seekToFirst();
    }

    private static List<LatestChange> inRange(LatestSnapshot snapshot, byte[] from, byte @Nullable [] end) {
        List<LatestChange> inRange = new ArrayList<>();
        for (LatestChange change : snapshot.memory().values()) {
            byte[] changed = change.key().get();
            if (Arrays.compareUnsigned(changed, from) >= 0
                    && (end == null || Arrays.compareUnsigned(changed, end) < 0)) {
                inRange.add(change);
            }
        }
        inRange.sort((left, right) ->
                Arrays.compareUnsigned(left.key().get(), right.key().get()));
        return inRange;
    }

    @Override
    public boolean advance() {
        while (true) {
            requireOpen.run();
            byte[] stored = storedKey();
            LatestChange change = nextInMemory < memory.size() ? memory.get(nextInMemory) : null;
            if (change != null
                    && (stored == null || Arrays.compareUnsigned(change.key().get(), stored) <= 0)) {
                nextInMemory++;
                if (stand(change.key().get(), change.row())) {
                    return true;
                }
            } else if (stored == null) {
                return false;
            } else {
                boolean hidden = snapshot.memory().containsKey(Bytes.wrap(stored));
                byte[] value = disk.value();
                disk.next();
                if (!hidden && stand(stored, LatestRow.read(value))) {
                    return true;
                }
            }
        }
    }

    private byte @Nullable [] storedKey() {
        if (disk.isValid()) {
            return disk.key();
        }
        snapshot.disk().check(disk);
        return null;
    }

    private boolean stand(byte[] newKey, @Nullable LatestRow newRow) {
        key = newKey;
        row = newRow;
        return newRow != null && !newRow.tombstone();
    }

    @Override
    public Versioned<K, V> element() {
        return codec.versioned(Objects.requireNonNull(key), Objects.requireNonNull(row));
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
