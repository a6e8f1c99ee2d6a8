package io.forebay.store;

/** Where things lie in hash tables with linear probing, whose lengths are powers of two. */
final class HashTables {

    private HashTables() {}

    /** Where to begin: polynomial hashes of similar keys are close to each other, so they are spread (Fibonacci hashing, Knuth). */
    static int home(int hash, int slots) {
        int product = hash * 0x9E3779B9;
        return (product ^ product >>> 16) & slots - 1;
    }

    static int next(int slot, int slots) {
        return slot + 1 & slots - 1;
    }
}
