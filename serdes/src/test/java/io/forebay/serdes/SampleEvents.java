package io.forebay.serdes;

import io.forebay.serdes.event.Event;
import java.time.Instant;
import java.util.Map;

/** Events that tests and benchmarks agree on. */
final class SampleEvents {
    private SampleEvents() {}

    /** Every field set. */
    static Event full() {
        return Event.newBuilder()
                .setId("0193c1f7-5d3e-7c52-9f1a-2f6c9e1b7a44")
                .setTimestamp(Instant.parse("2026-01-01T12:00:00.123456789Z"))
                .setProcess("StreamThread-1")
                .setModule("io.forebay.examples.Cart")
                .setFunction("add")
                .setCorrelation("order-7")
                .setType("method.exit")
                .setDurationNanos(1_500L)
                .setAttributes(Map.of("items", "3", "total", "12.50 €"))
                .build();
    }

    /** Only what is required. */
    static Event minimal() {
        return Event.newBuilder()
                .setId("1")
                .setTimestamp(Instant.EPOCH)
                .setType("tick")
                .build();
    }
}
