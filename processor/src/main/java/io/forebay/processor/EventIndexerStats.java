package io.forebay.processor;

/**
 * What an {@link EventIndexer} has done since it was made, in all tasks. After a task failed its records are processed, and
 * counted, again.
 *
 * @param indexed events put into the store
 * @param late events that the store refused because they were older than what it keeps; they are not forwarded
 * @param dropped events shed by the overflow strategy
 * @param skipped records without a value
 * @param flushes how often the buffer was emptied into the store
 */
public record EventIndexerStats(long indexed, long late, long dropped, long skipped, long flushes) {}
