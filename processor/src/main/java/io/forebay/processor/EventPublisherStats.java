package io.forebay.processor;

/**
 * What an {@link EventPublisher} has done so far. Once it is closed, {@code accepted = published + failed}, plus
 * what {@code DROP_OLDEST} dropped after it was accepted.
 *
 * @param accepted events taken from the application
 * @param published events acknowledged by the broker
 * @param dropped events shed because the buffer was full
 * @param failed events that could not be serialised, or that the broker did not acknowledge in time
 */
public record EventPublisherStats(long accepted, long published, long dropped, long failed) {}
