package io.forebay.buffer;

/**
 * How a thread waits for room or for an event: what it pays in processor time for reacting sooner.
 *
 * <p>All strategies notice an interrupt and a closed buffer within about a millisecond.
 */
public enum WaitStrategy {
    /** Spins and then yields: reacts within about a microsecond, keeps a core busy while it waits. For short waits. */
    YIELD,

    /** Spins, yields, then parks for 50 µs up to 1 ms: the default. An idle waiter costs next to nothing. */
    PARK
}
