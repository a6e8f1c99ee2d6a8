package io.forebay.processor;

import java.util.concurrent.atomic.LongAdder;

/** The counters that all tasks of a writer share. */
final class WriterCounters {

    final LongAdder received = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder abandoned = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder failedCalls = new LongAdder();
    final LongAdder overdraft = new LongAdder();

    BatchWriterStats snapshot() {
        return new BatchWriterStats(
                received.sum(),
                acknowledged.sum(),
                refused.sum(),
                abandoned.sum(),
                batches.sum(),
                failedCalls.sum(),
                overdraft.sum());
    }
}
