package io.forebay.buffer;

/** What a bounded buffer does with a new element when it is full. Every element that is lost this way is counted. */
public enum OverflowStrategy {
    /** The writer waits for room, up to a time-out. Nothing that was accepted is lost. */
    BLOCK,

    /** The oldest element that has not been consumed gives way. The writer never waits and its element is always accepted. */
    DROP_OLDEST,

    /** The new element is rejected. The writer never waits, and what was accepted earlier stays. */
    DROP_NEWEST
}
