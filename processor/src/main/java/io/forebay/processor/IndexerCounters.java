package io.forebay.processor;

import java.util.concurrent.atomic.LongAdder;

/** The counters that all tasks of an indexer share. */
final class IndexerCounters {

    final LongAdder indexed = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder flushes = new LongAdder();

    EventIndexerStats snapshot() {
        return new EventIndexerStats(indexed.sum(), late.sum(), dropped.sum(), skipped.sum(), flushes.sum());
    }
}
