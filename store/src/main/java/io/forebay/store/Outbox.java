package io.forebay.store;

/**
 * What of a latest store is durable, or about to be, and has not been emitted downstream.
 *
 * <p><b>Protocol.</b> Time is divided into <em>epochs</em>, which end when everything is emitted. Each row carries the epoch in which it
 * was put. The <em>marker</em> says up to which epoch everything is emitted; a row of a later epoch is pending. So emitting a
 * hundred thousand rows changes one number and not a hundred thousand rows.
 *
 * <p>The marker is persisted with the rows: in RocksDB, and as a record in the changelog. A crash goes back to what was committed, marker
 * and rows alike, and what is pending by that is emitted again after it. Under exactly-once the transaction that has the marker also
 * has the records that were emitted, so that "again" means once. Otherwise the marker may become durable while what was emitted is lost on its way to
 * another partition. Therefore it goes into the changelog (and where there is none, into RocksDB) one commit later: by then, the commit
 * in between has waited for the broker to acknowledge what was emitted. That a commit is prepared again is no proof of that: Kafka Streams does it when the
 * producer has failed, before it closes the task. But it processes nothing more in between.
 *
 * <p>The marker is never greater than the highest epoch of a row, and a task that opens the store goes on with an epoch that no row
 * has. So what an instance knows beyond the changelog (that the last epochs are emitted) is never taken for an answer about
 * rows that another instance has put since.
 *
 * <p>RocksDB gets a set only when its commit is known to have succeeded, so there the marker goes along with the set. Rows that are
 * pending by that marker are in RocksDB's table of queues as well, ordered by epoch, from where they are found after a restart.
 *
 * <p>Belongs to the StreamThread.
 */
final class Outbox {

    /** What it does when a commit is prepared depends on who guarantees what. */
    enum Guarantee {
        /** Rows, marker and what is emitted are in one transaction. */
        TRANSACTION,
        /** The changelog may have what other partitions have lost. */
        CHANGELOG,
        /** RocksDB may have what other partitions have lost. */
        NO_CHANGELOG
    }

    private final Guarantee guarantee;

    /** The highest epoch of a row. */
    private long highest;

    private long epoch;
    private long emitted;
    private long prepared;
    private long acknowledged;
    private long logged;
    private boolean pendingOnDisk;

    /**
     * @param marker up to which epoch everything is emitted
     * @param highestPending the highest epoch of a pending row on disk; less than the marker if there is none
     */
    Outbox(Guarantee guarantee, long marker, long highestPending) {
        this.guarantee = guarantee;
        this.emitted = marker;
        this.prepared = marker;
        this.acknowledged = marker;
        this.logged = marker;
        this.highest = Math.max(marker, highestPending);
        this.epoch = highest + 1;
        this.pendingOnDisk = highestPending > marker;
    }

    /** The epoch of a row that is put now. */
    long put() {
        highest = epoch;
        return epoch;
    }

    /** Up to here everything is emitted, as far as this task knows. */
    long emitted() {
        return emitted;
    }

    /** Up to here everything is emitted and acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    /** Whether a row of this epoch waits to be emitted. */
    boolean isPending(long rowEpoch) {
        return rowEpoch > emitted;
    }

    /** Whether the row may go: what is emitted is going to be known in the changelog as well. */
    boolean isSettled(LatestRow row) {
        return row.epoch() <= acknowledged;
    }

    /** Whether there may be pending rows that are not in the sets in memory. */
    boolean mayHavePendingOnDisk() {
        return pendingOnDisk;
    }

    /** Everything has been emitted. */
    void endEpoch() {
        emitted = highest;
        epoch = highest + 1;
        pendingOnDisk = false;
    }

    /** There was nothing to emit: the epoch goes on. */
    void nothingPending() {
        pendingOnDisk = false;
    }

    /**
     * A commit is being prepared, and this set will be part of it, if there is anything in it.
     *
     * @param flushed whether the producer is known to have been flushed since the last time
     */
    void beforeCommit(LatestSet active, boolean flushed) {
        if (flushed) {
            acknowledged = prepared;
        }
        active.marker(guarantee == Guarantee.NO_CHANGELOG ? acknowledged : emitted);
        long durable = guarantee == Guarantee.TRANSACTION ? emitted : acknowledged;
        if (durable > logged && guarantee != Guarantee.NO_CHANGELOG) {
            active.loggedMarker(durable);
            logged = durable;
        }
        pendingOnDisk |= !active.pending().isEmpty();
        prepared = emitted; // preparing goes on with flushing the producer
    }

    /** The commit that was prepared last has succeeded. */
    void committed() {
        acknowledged = prepared;
    }
}
