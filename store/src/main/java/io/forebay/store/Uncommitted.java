package io.forebay.store;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sets in memory, each of which hides what the later ones, and RocksDB, have of the same key. Immutable: replaced as a
 * whole when a set moves on, so that a reader sees by identity whether one has.
 *
 * @param newSet makes the set with a number
 * @param active what is being put
 * @param sealed what was logged before the commit that is under way, or was the last
 * @param writing what is known to be committed and on its way to RocksDB
 */
record Uncommitted<S extends ChangeSet>(
        LongFunction<S> newSet,
        S active,
        @Nullable S sealed,
        @Nullable S writing) {

    /** How many sets there are at most. */
    static final int SETS = 3;

    /** Nothing, after the set with this number. */
    static <S extends ChangeSet> Uncommitted<S> emptyAfter(long number, LongFunction<S> newSet) {
        return new Uncommitted<>(newSet, newSet.apply(number + 1), null, null);
    }

    /** Nothing, after what is here. */
    Uncommitted<S> dropped() {
        return emptyAfter(active.number(), newSet);
    }

    /** A set is sealed: the active one, or that together with the one sealed before. */
    Uncommitted<S> afterSealing(S set) {
        return new Uncommitted<>(newSet, newSet.apply(set.number() + 1), set, writing);
    }

    /** The sealed set is being written. */
    Uncommitted<S> afterCommit() {
        return new Uncommitted<>(newSet, active, null, sealed);
    }

    /** A set is in RocksDB. */
    Uncommitted<S> afterWriting(S set) {
        return writing == set ? new Uncommitted<>(newSet, active, sealed, null) : this;
    }

    /** What of it is known to be committed. The sealed set is not: its commit may be under way. */
    Uncommitted<S> committed() {
        return new Uncommitted<>(newSet, newSet.apply(Long.MAX_VALUE), null, writing);
    }

    /** Without the sets that RocksDB has, given the number of the last one it has. */
    Uncommitted<S> beyond(long written) {
        return writing == null || writing.number() > written ? this : new Uncommitted<>(newSet, active, sealed, null);
    }

    long sizeBytes() {
        return active.sizeBytes() + sizeBytes(sealed) + sizeBytes(writing);
    }

    private static long sizeBytes(@Nullable ChangeSet set) {
        return set == null ? 0 : set.sizeBytes();
    }
}
