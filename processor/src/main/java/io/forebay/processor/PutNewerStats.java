package io.forebay.processor;

/**
 * What a {@link PutNewer} has done since it was made, in all tasks. After a task failed its records are processed, and
 * counted, again. {@code updates} is {@code stale}, plus what was emitted or is still to be emitted.
 *
 * @param updates records with a key and a version
 * @param stale updates that were not newer than what was known, those included that a stale one had coalesced
 * @param emitted records forwarded downstream, stale ones not counted
 * @param coalesced updates that those stand for; {@code coalesced / emitted} is the coalescing ratio
 * @param skipped records without a key
 * @param flushes how often everything that was pending was emitted
 * @param spills how often the buffer was emptied without emitting: for a commit, or because it was full
 */
public record PutNewerStats(
        long updates, long stale, long emitted, long coalesced, long skipped, long flushes, long spills) {}
