package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Lets tombstones go when their time has come: looks through the queue of tombstones in RocksDB, oldest first, as far as it is due, and
 * adds to the active set that their keys have no row any more. What was put meanwhile in place of a tombstone stays, of course; then only
 * the row in the queue goes. O(tombstones that are due). Belongs to the StreamThread.
 */
final class ExpiringTombstones {

    /** How many are looked at for one commit, so that it is not held up. */
    private static final int MOST_PER_COMMIT = 10_000;

    /**
     * Where to go on: what is before has been looked at, and perhaps not been written yet. What has the same time is looked at again, as
     * there may be more of it that comes to disk later.
     */
    private byte[] next = QueueRows.tombstonesFrom(Long.MIN_VALUE);

    /**
     * Lets the tombstones go that are due.
     *
     * @param deletedUpToMs the stream time of the newest tombstones that are due
     * @param mayGo whether a tombstone may go already; the first that may not is looked at again next time
     * @param known is told which do
     * @return how many tombstones go
     */
    int expire(
            long deletedUpToMs,
            Uncommitted<LatestSet> sets,
            Predicate<LatestRow> mayGo,
            KnownKeys known,
            EventDatabase database) {
        byte[] end = deletedUpToMs == Long.MAX_VALUE
                ? QueueRows.endOfTombstones()
                : QueueRows.tombstonesFrom(deletedUpToMs + 1);
        if (Rows.UNSIGNED.compare(next, end) >= 0) {
            return 0;
        }
        int expired = 0;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(Table.QUEUES, next, end);
            rows.seekToFirst();
            for (int i = 0; i < MOST_PER_COMMIT && rows.isValid(); i++, rows.next()) {
                byte[] queued = rows.key();
                byte[] key = QueueRows.keyOf(queued);
                LatestRow row = newestRow(key, sets, snapshot);
                if (row != null && row.tombstone() && row.deletedAtMs() == QueueRows.numberOf(queued)) {
                    if (!mayGo.test(row)) {
                        break;
                    }
                    Bytes gone = Bytes.wrap(key);
                    sets.active().put(LatestChange.gone(gone), false);
                    known.gone(gone);
                    expired++;
                }
                sets.active().addDoneQueueRow(queued);
                next = QueueRows.tombstonesFrom(QueueRows.numberOf(queued));
            }
            snapshot.check(rows);
        }
        return expired;
    }

    private static @Nullable LatestRow newestRow(byte[] key, Uncommitted<LatestSet> sets, DatabaseSnapshot snapshot) {
        LatestChange change = LatestSnapshot.newest(sets, Bytes.wrap(key));
        if (change != null) {
            return change.row();
        }
        byte[] bytes = snapshot.get(Table.LATEST, key);
        return bytes == null ? null : LatestRow.read(bytes);
    }
}
