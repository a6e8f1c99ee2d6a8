package io.forebay.examples.jfr;

/**
 * What a {@link JfrSource} did so far. Accepted events are {@code captured - dropped}.
 *
 * @param captured events that were mapped and offered to the sink
 * @param dropped events among them that the sink refused
 * @param throttled recorded events left out to keep to {@link EventSetting#throttle} where the observed JVM does not do so
 *     itself; not in {@code captured}
 * @param excluded recorded events left out by the {@link JfrSettings#plan}; not in {@code captured}
 * @param failed recorded events that could not be mapped, or on which the sink threw an exception; not in
 *     {@code captured}
 */
public record JfrCounts(long captured, long dropped, long throttled, long excluded, long failed) {}
