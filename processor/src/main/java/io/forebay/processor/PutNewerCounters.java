package io.forebay.processor;

import java.util.concurrent.atomic.LongAdder;

/** The counters that all tasks of a {@link PutNewer} share. */
final class PutNewerCounters {

    final LongAdder updates = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder emitted = new LongAdder();
    final LongAdder coalesced = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder flushes = new LongAdder();
    final LongAdder spills = new LongAdder();

    PutNewerStats snapshot() {
        return new PutNewerStats(
                updates.sum(), stale.sum(), emitted.sum(), coalesced.sum(), skipped.sum(), flushes.sum(), spills.sum());
    }
}
