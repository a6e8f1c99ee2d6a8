package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the rows that events below the floor have left in the tables of ids and of indexes. Nobody sees these rows, so there
 * is no hurry: a pass over both tables begins when they are a fifth of all, and goes on in slices, after writes, each short enough to be waited for. The cost is a
 * few row visits for each event that goes. A pass that a restart cuts short begins again.
 *
 * <p>Belongs to one thread at a time.
 */
final class Sweeper {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    private static final int ROWS_PER_SLICE = 2_000;
    private static final long FEWEST_STALE = 10_000;
    private static final int STALE_PART = 5;

    private final EventDatabase database;
    private final EventCodec<?> codec;
    private final StoreMeta meta;

    private @Nullable Pass pass;

    Sweeper(EventDatabase database, EventCodec<?> codec, StoreMeta meta) {
        this.database = database;
        this.codec = codec;
        this.meta = meta;
    }

    /** Sweeps a slice, if there is enough to sweep; whether there is more to do. O(1) rows. */
    boolean sweepSlice(Floor floor, long events) {
        Pass current = pass != null ? pass : begin(floor, events);
        boolean more = current != null && current.sweepSlice();
        if (current != null && !more) {
            finish(current);
        }
        pass = more ? current : null;
        return more;
    }

    private @Nullable Pass begin(Floor floor, long events) {
        long stale = meta.stale();
        return stale >= Math.max(FEWEST_STALE, events / STALE_PART) ? new Pass(stale, floor) : null;
    }

    private void finish(Pass done) {
        RowBatch batch = database.newBatch();
        meta.putStale(batch, Math.max(0, meta.stale() - done.staleAtStart));
        database.write(batch);
        log.info("Removed {} rows of events that are gone from {}", done.removed, database.directory());
    }

    /** One walk over both tables. */
    private final class Pass {

        private final long staleAtStart;
        private final Floor floor;
        private Table table = Table.IDS;
        private byte[] next = {};
        private long removed;

        Pass(long staleAtStart, Floor floor) {
            this.staleAtStart = staleAtStart;
            this.floor = floor;
        }

        /** Whether there is more to do. */
        boolean sweepSlice() {
            try (DatabaseSnapshot snapshot = database.snapshot()) {
                RowBatch batch = database.newBatch();
                RocksIterator rows = snapshot.iterator(table);
                rows.seek(next);
                for (int i = 0; i < ROWS_PER_SLICE && rows.isValid(); i++, rows.next()) {
                    byte[] key = rows.key();
                    if (isStale(key, rows)) {
                        batch.delete(table, key);
                        removed++;
                    }
                }
                database.write(batch);
                if (rows.isValid()) {
                    next = rows.key();
                    return true;
                }
                snapshot.check(rows);
            }
            boolean more = table == Table.IDS;
            table = Table.INDEX;
            next = new byte[0];
            return more;
        }

        private boolean isStale(byte[] key, RocksIterator row) {
            if (table == Table.IDS) {
                return floor.hides(Rows.timestampOf(row.value()), key);
            }
            byte[] position = codec.positionIn(key);
            return position != null && floor.hides(position);
        }
    }
}
