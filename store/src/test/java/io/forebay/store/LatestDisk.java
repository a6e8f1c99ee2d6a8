package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.RocksIterator;

/** The rows of a latest store of text, whose keys they are sorted by. */
record LatestDisk(EventDatabase database) {

    Map<String, LatestRow> rows() {
        Map<String, LatestRow> found = new TreeMap<>();
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(Table.LATEST);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                found.put(new String(rows.key(), StandardCharsets.UTF_8), LatestRow.read(rows.value()));
            }
        }
        return found;
    }

    /** How many rows there are in the queue of tombstones. */
    long queuedTombstones() {
        long count = 0;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(
                    Table.QUEUES, QueueRows.tombstonesFrom(Long.MIN_VALUE), QueueRows.endOfTombstones());
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
        }
        return count;
    }

    long streamTimeMs() {
        return new LatestMeta(database).streamTimeMs();
    }
}
