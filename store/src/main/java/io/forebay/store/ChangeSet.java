package io.forebay.store;

import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * Changes on their way to RocksDB, from one commit to the next. What they are is a matter of the kind of store. Written by one thread,
 * read by many without locks; nothing changes any more once it is sealed.
 */
abstract class ChangeSet {

    /** The number of sets that readers never see: those that restore. */
    static final long UNNUMBERED = 0;

    private final long number;

    /** What had been put into the store when the set was sealed; belongs to the writer. */
    private @Nullable Position position;

    /** @param number greater than that of every set before, so that RocksDB can tell which of them it has */
    ChangeSet(long number) {
        this.number = number;
    }

    final long number() {
        return number;
    }

    abstract boolean isEmpty();

    /** How many changes there are that can be logged ahead. Writer only. */
    abstract int unlogged();

    /** The memory it takes, in bytes, estimated. */
    abstract long sizeBytes();

    void seal(Position sealedAt) {
        position = sealedAt.copy();
    }

    @Nullable
    final Position position() {
        return position;
    }
}
