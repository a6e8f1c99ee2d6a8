package io.forebay.query;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventDefinition;
import io.forebay.store.TraceEvents;
import java.time.Instant;

/** Events that the tests agree on. */
final class Samples {

    static final EventDefinition<Event> DEFINITION =
            TraceEvents.definition(AvroSerdes.specific(Event.class).build());

    private Samples() {}

    static Event event(String id, long millis) {
        return Event.newBuilder()
                .setId(id)
                .setTimestamp(Instant.ofEpochMilli(millis))
                .setProcess("main#1")
                .setModule("java.util.HashMap")
                .setFunction("resize")
                .setCorrelation("gc-7")
                .setType("jdk.ExecutionSample")
                .build();
    }
}
