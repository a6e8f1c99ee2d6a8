package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the rows that events below the floor have left in the tables of ids and of indexes. Nobody sees these rows, so there
 * is no hurry: a pass over both tables begins when they are a fifth of all, and goes on in slices, after writes, each short enough
 * to be waited for. The cost is a few row visits for each event that goes. A pass that a restart cuts short begins again.
 *
 * <p>Where the changelog needs tombstones, rows of ids are not removed here: their ids are handed over as {@link StaleIds}, as fast
 * as there is room for them.
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
    private final @Nullable StaleIds staleIds;

    private @Nullable Pass pass;

    /** @param staleIds takes the ids whose rows are stale; null if nobody wants to know them */
    Sweeper(EventDatabase database, EventCodec<?> codec, StoreMeta meta, @Nullable StaleIds staleIds) {
        this.database = database;
        this.codec = codec;
        this.meta = meta;
        this.staleIds = staleIds;
    }

    /** Sweeps a slice, if there is enough to sweep; whether to go on at once. O(1) rows. */
    boolean sweepSlice(Floor floor, long events) {
        Pass current = pass != null ? pass : begin(floor, events);
        if (current == null) {
            return false;
        }
        boolean more = current.sweepSlice();
        pass = current;
        if (current.table == null) {
            finish(current);
            pass = null;
        }
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
        private byte[] next = {};
        private long removed;

        /** Where it is; null at the end. */
        private @Nullable Table table = Table.IDS;

        Pass(long staleAtStart, Floor floor) {
            this.staleAtStart = staleAtStart;
            this.floor = floor;
        }

        /** Whether to go on at once: not at the end, nor when there is no room for more ids. */
        boolean sweepSlice() {
            return table == Table.IDS ? sweepIds() : table == Table.INDEX && sweepIndex();
        }

        private boolean sweepIds() {
            return sweep(Table.IDS, Table.INDEX, (rows, batch) -> {
                byte[] id = rows.key();
                if (!floor.hides(Rows.timestampOf(rows.value()), id)) {
                    return true;
                }
                if (staleIds != null && !staleIds.offer(id)) {
                    return false;
                }
                if (staleIds == null) {
                    batch.delete(Table.IDS, id);
                }
                removed++;
                return true;
            });
        }

        private boolean sweepIndex() {
            return sweep(Table.INDEX, null, (rows, batch) -> {
                byte[] key = rows.key();
                byte[] position = codec.positionIn(key);
                if (position != null && floor.hides(position)) {
                    batch.delete(Table.INDEX, key);
                    removed++;
                }
                return true;
            });
        }

        private boolean sweep(Table swept, @Nullable Table following, Step step) {
            try (DatabaseSnapshot snapshot = database.snapshot()) {
                RowBatch batch = database.newBatch();
                RocksIterator rows = snapshot.iterator(swept);
                rows.seek(next);
                boolean taken = true;
                for (int i = 0; i < ROWS_PER_SLICE && rows.isValid(); i++, rows.next()) {
                    taken = step.take(rows, batch);
                    if (!taken) {
                        break;
                    }
                }
                database.write(batch);
                if (rows.isValid()) {
                    next = rows.key();
                    return taken;
                }
                snapshot.check(rows);
            }
            table = following;
            next = new byte[0];
            return following != null;
        }
    }

    /** What is done to a row; false to come back to it later. */
    @FunctionalInterface
    private interface Step {
        boolean take(RocksIterator row, RowBatch batch);
    }
}
