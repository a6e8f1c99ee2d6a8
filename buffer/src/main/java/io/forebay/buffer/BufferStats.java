package io.forebay.buffer;

/**
 * A snapshot of a {@link DoubleBuffer}, summed over its partitions; each partition is consistent in itself. At any time and for each partition
 *
 * <pre>accepted = delivered + stale + coalesced + deleted + deadLettered + dropped + buffered + inFlight</pre>
 *
 * @param accepted writes that were answered with "accepted"
 * @param delivered elements that the processor has processed
 * @param coalesced accepted writes that a later write of the same key replaced before it was handed over
 * @param stale elements that were not handed to the processor because a stored version was not older
 * @param deleted elements that were deleted before they were handed over
 * @param deadLettered elements that the dead-letter handler took
 * @param dropped accepted elements that gave way to newer ones
 * @param rejected writes that were refused for lack of room; they are not among the accepted
 * @param outdated writes that were refused because the buffer knew a version that was not older; not among the accepted
 * @param buffered elements on the active sides
 * @param inFlight elements on the sealed sides
 * @param bytes bytes of both, by the weigher
 * @param failedAttempts attempts of the processor that failed
 * @param failedPartitions partitions that have stopped accepting
 */
public record BufferStats(
        long accepted,
        long delivered,
        long coalesced,
        long stale,
        long deleted,
        long deadLettered,
        long dropped,
        long rejected,
        long outdated,
        long buffered,
        long inFlight,
        long bytes,
        long failedAttempts,
        int failedPartitions) {}
