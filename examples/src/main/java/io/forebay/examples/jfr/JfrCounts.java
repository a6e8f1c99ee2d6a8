package io.forebay.examples.jfr;

/**
 * What a {@link JfrSource} did so far. Accepted events are {@code captured - dropped}.
 *
 * @param captured events that were mapped and offered to the sink
 * @param dropped events among them that the sink refused
 * @param failed recorded events that could not be mapped, or on which the sink threw an exception; none of them is in
 *     {@code captured}
 */
public record JfrCounts(long captured, long dropped, long failed) {}
