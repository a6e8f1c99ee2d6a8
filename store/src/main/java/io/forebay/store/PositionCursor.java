package io.forebay.store;

import org.jspecify.annotations.Nullable;

/**
 * Walks the positions of matching events on disk, in the direction of a query. See {@link Rows} for what a position is.
 */
interface PositionCursor {

    /** The position it stands at, or null at the end. */
    byte @Nullable [] position();

    /** Goes to the next position. Only while it stands at one. */
    void next();

    /** Goes forward, in the direction of the query, to the first position at or past the target. */
    void advanceTo(byte[] target);

    /** The stored event at this position, where walking brought it along anyway; else null. */
    default byte @Nullable [] payload() {
        return null;
    }
}
