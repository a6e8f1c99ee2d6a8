package io.forebay.buffer;

/**
 * A snapshot of a {@link RingBuffer}. Exact when the ring is quiet; taken beside running writers and readers, every total lies
 * between its values at the start and at the end of the call, and none ever goes backwards.
 *
 * @param name the name of the ring
 * @param capacity number of slots
 * @param writePosition position of the next event to be written
 * @param readPosition position of the slowest reader that counts: the slowest gating one, or if there is none on a ring that
 *     drops its oldest events, the slowest one
 * @param available events between the two positions
 * @param totalWrites events that were accepted
 * @param totalReads events that readers took, summed over all readers
 * @param totalDropped events that were rejected, or overwritten before every reader that counts had read them
 * @param totalRejected the part of the dropped events that was rejected, and is therefore not among the writes
 * @param totalCleared unread events that {@link RingBuffer#clear()} discarded
 */
public record RingBufferStats(
        String name,
        int capacity,
        long writePosition,
        long readPosition,
        long available,
        long totalWrites,
        long totalReads,
        long totalDropped,
        long totalRejected,
        long totalCleared) {
    /** The filled part of the ring, from 0 to 1. */
    public double utilisation() {
        return (double) available / capacity;
    }
}
