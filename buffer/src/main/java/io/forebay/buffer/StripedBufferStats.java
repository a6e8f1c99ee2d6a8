package io.forebay.buffer;

/**
 * A snapshot of a {@link StripedBuffer}, summed over its stripes. When it is quiet,
 *
 * <pre>accepted = delivered + deadLettered + overwritten + pending</pre>
 *
 * @param accepted items for which {@code enqueue} answered true
 * @param delivered items that the sink took
 * @param deadLettered items that the dead-letter handler took
 * @param overwritten accepted items that gave way to newer ones ({@code DROP_OLDEST})
 * @param rejected items for which {@code enqueue} answered false
 * @param pending items that wait for the sink, or that it is working on
 * @param failedAttempts calls of the sink that failed
 */
public record StripedBufferStats(
        long accepted,
        long delivered,
        long deadLettered,
        long overwritten,
        long rejected,
        long pending,
        long failedAttempts) {
    /** Items that were lost for lack of room. */
    public long dropped() {
        return overwritten + rejected;
    }
}
