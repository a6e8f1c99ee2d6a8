package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * The rows in RocksDB that have not been emitted, and that no set in memory knows better. The sets have to be those from before it is
 * asked, and nobody may put anything meanwhile.
 */
record PendingRows<K, V>(EventDatabase database, LatestCodec<K, V> codec, Uncommitted<LatestSet> sets) {

    private static final int ROWS_PER_READ = 1_000;

    /** Emits those of later epochs; how many there were. */
    int forEach(long afterEpoch, Consumer<? super Emission<K, V>> consumer) {
        int emitted = 0;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows =
                    snapshot.iterator(Table.QUEUES, QueueRows.pendingFrom(afterEpoch + 1), QueueRows.endOfPending());
            rows.seekToFirst();
            while (rows.isValid()) {
                List<byte[]> keys = new ArrayList<>();
                List<Long> epochs = new ArrayList<>();
                for (; rows.isValid() && keys.size() < ROWS_PER_READ; rows.next()) {
                    byte[] key = QueueRows.keyOf(rows.key());
                    if (LatestSnapshot.newest(sets, Bytes.wrap(key)) == null) {
                        keys.add(key);
                        epochs.add(QueueRows.numberOf(rows.key()));
                    }
                }
                emitted += emit(keys, epochs, snapshot, consumer);
            }
            snapshot.check(rows);
        }
        return emitted;
    }

    private int emit(
            List<byte[]> keys,
            List<Long> epochs,
            DatabaseSnapshot snapshot,
            Consumer<? super Emission<K, V>> consumer) {
        int emitted = 0;
        List<byte @Nullable []> found = snapshot.getAll(Table.LATEST, keys);
        for (int i = 0; i < keys.size(); i++) {
            byte[] bytes = found.get(i);
            LatestRow row = bytes == null ? null : LatestRow.read(bytes);
            if (row != null && row.epoch() == epochs.get(i)) { // else it has been put again since
                consumer.accept(codec.emission(keys.get(i), row));
                emitted++;
            }
        }
        return emitted;
    }
}
