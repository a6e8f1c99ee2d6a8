package io.forebay.processor;

/**
 * What a {@link BatchWriter} has done since it was made, in all tasks. After a task failed its records are processed, and
 * counted, again. When nothing is in memory,
 *
 * <pre>received = acknowledged + refused + abandoned</pre>
 *
 * @param received records that came from upstream
 * @param acknowledged records that the target has written
 * @param refused records that the exception handler has taken
 * @param abandoned records that were neither acknowledged nor refused when their task failed, or was closed without having
 *     committed them; they are processed again
 * @param batches batches that the target has written
 * @param failedCalls calls to the target that failed or took too long; those that were cancelled with their task not included
 * @param overdraft records that were taken beyond the bounds, so that the StreamThread could poll in time
 */
public record BatchWriterStats(
        long received,
        long acknowledged,
        long refused,
        long abandoned,
        long batches,
        long failedCalls,
        long overdraft) {}
