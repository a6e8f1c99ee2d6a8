package io.forebay.buffer;

/** Adds up the accounts of partitions. */
final class StatsSum {
    private long accepted;
    private long delivered;
    private long coalesced;
    private long stale;
    private long deleted;
    private long deadLettered;
    private long dropped;
    private long rejected;
    private long outdated;
    private long buffered;
    private long inFlight;
    private long bytes;
    private long failedAttempts;
    private int failedPartitions;

    void add(Lane<?, ?> lane) {
        accepted += lane.lock.accepted;
        delivered += lane.delivered;
        coalesced += lane.lock.coalesced;
        stale += lane.stale;
        deleted += lane.deleted;
        deadLettered += lane.deadLettered;
        dropped += lane.dropped;
        rejected += lane.rejected;
        outdated += lane.outdated;
        buffered += lane.active.size();
        inFlight += lane.inFlight();
        bytes += lane.bytes();
        failedAttempts += lane.failedAttempts;
        failedPartitions += lane.failure() == null ? 0 : 1;
    }

    BufferStats toStats() {
        return new BufferStats(
                accepted,
                delivered,
                coalesced,
                stale,
                deleted,
                deadLettered,
                dropped,
                rejected,
                outdated,
                buffered,
                inFlight,
                bytes,
                failedAttempts,
                failedPartitions);
    }
}
