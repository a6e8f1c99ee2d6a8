package io.forebay.store;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * The sets of a store in memory, as they are at the moment, and their moves: from active to sealed to being written, and out of memory.
 *
 * <p>The StreamThread and the thread that writes move them on; any thread may look.
 */
final class UncommittedSets<S extends ChangeSet> {

    private final BinaryOperator<S> union;
    private volatile Uncommitted<S> current;

    /** @param union everything in one set and then everything in a later one */
    UncommittedSets(Uncommitted<S> nothing, BinaryOperator<S> union) {
        this.current = nothing;
        this.union = union;
    }

    Uncommitted<S> current() {
        return current;
    }

    S active() {
        return current.active();
    }

    @Nullable
    S sealed() {
        return current.sealed();
    }

    long sizeBytes() {
        return current.sizeBytes();
    }

    /** The active set is sealed, together with what is sealed already: both belong to the same commit. Not if there is nothing in it. */
    void seal(Position position) {
        Uncommitted<S> before = current;
        S sealed = before.sealed();
        S set = sealed == null ? before.active() : union.apply(sealed, before.active());
        if (!set.isEmpty()) {
            set.seal(position);
            moveOn(sets -> sets.afterSealing(set));
        }
    }

    /** The active set is sealed and being written at once; what it was. Nothing is sealed or being written. */
    S sealForWriting(Position position) {
        S set = active();
        set.seal(position);
        moveOn(sets -> sets.afterSealing(set).afterCommit());
        return set;
    }

    /** The sealed set is committed, and being written. Nothing else is being written. */
    void committed() {
        moveOn(Uncommitted::afterCommit);
    }

    /** A set is in RocksDB. */
    void written(S set) {
        moveOn(sets -> sets.afterWriting(set));
    }

    /** Everything is forgotten. */
    void drop() {
        moveOn(Uncommitted::dropped);
    }

    /** Both the StreamThread and the thread that writes move sets on. */
    private synchronized void moveOn(UnaryOperator<Uncommitted<S>> step) {
        current = step.apply(current);
    }
}
