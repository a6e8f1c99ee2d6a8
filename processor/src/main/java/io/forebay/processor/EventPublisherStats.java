package io.forebay.processor;

/**
 * What an {@link EventPublisher} has done so far. When nothing moves,
 * {@code accepted = published + failed + pending + overwritten}, and nothing is pending once it is closed.
 *
 * @param accepted events taken from the application
 * @param published events acknowledged by the broker
 * @param pending events that were accepted and wait to be sent, or to be acknowledged
 * @param rejected events that were not accepted, because the buffer was full
 * @param overwritten events that were accepted and had to make room for newer ones ({@code DROP_OLDEST})
 * @param excluded events that the filter left out, before they were accepted
 * @param failed events that could not be serialised, or that the broker did not acknowledge in time
 */
public record EventPublisherStats(
        long accepted, long published, long pending, long rejected, long overwritten, long excluded, long failed) {

    /** What there is before anything has happened. */
    public static final EventPublisherStats NOTHING = new EventPublisherStats(0, 0, 0, 0, 0, 0, 0);

    /** Events that were shed because the buffer was full. */
    public long dropped() {
        return rejected + overwritten;
    }
}
