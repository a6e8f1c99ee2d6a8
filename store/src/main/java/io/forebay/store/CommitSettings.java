package io.forebay.store;

/**
 * What a store is told about its part in commits.
 *
 * @param maxUncommittedBytes how much it holds in memory, in bytes
 * @param loggedTogether how many changes come together before they are logged, where that is done ahead of the commit
 * @param crashPoints for tests
 */
record CommitSettings(long maxUncommittedBytes, int loggedTogether, CrashPoints crashPoints) {

    /** Some requests of a producer's usual 16 KiB. */
    static final int USUALLY_LOGGED_TOGETHER = 500;
}
