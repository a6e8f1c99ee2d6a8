package io.forebay.store;

/** The moments of the commit protocol at which tests have a store fail, or its process die. In production nothing happens there. */
@FunctionalInterface
interface CrashPoints {

    /** What a store has whose protocol is left alone. */
    CrashPoints NONE = moment -> {};

    /** The store has come to this moment. */
    void reached(Moment moment);

    /** In the order in which a set of changes comes by. */
    enum Moment {
        /** The next change is about to be logged. */
        LOGGING,
        /** Every change is logged, and the set is still the active one. */
        LOGGED,
        /** The set is sealed; it waits for its commit. */
        SEALED,
        /** Streams says that a commit succeeded, and the store has not heard it yet. */
        COMMITTED,
        /** A set is known to be committed (without a changelog: about to be), and RocksDB does not have it yet. */
        WRITING,
        /** A set is in RocksDB, and still in memory. */
        WRITTEN
    }
}
