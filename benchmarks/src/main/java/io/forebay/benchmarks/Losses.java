package io.forebay.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What did not arrive, reported beside the throughput. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Losses {
    public long lost;
}
