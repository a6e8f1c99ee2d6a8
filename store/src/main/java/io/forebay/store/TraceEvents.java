package io.forebay.store;

import io.forebay.serdes.event.Event;
import org.apache.kafka.common.serialization.Serde;

/**
 * The ready-made definition for the trace event of {@code forebay-serdes}, which has to be on the class path: found by
 * id, time, process, function (module and function, or either alone), correlation and type.
 */
public final class TraceEvents {

    private TraceEvents() {}

    /** The definition, with the indexes {@code process}, {@code function}, {@code correlation} and {@code type}. */
    public static EventDefinition<Event> definition(Serde<Event> serde) {
        return EventDefinition.builder(serde)
                .id(Event::getId)
                .timestamp(Event::getTimestamp)
                .index(EventIndex.ofString("process", Event::getProcess))
                .index(EventIndex.composite(
                        "function",
                        EventIndex.ofString("module", Event::getModule),
                        EventIndex.ofString("function", Event::getFunction)))
                .index(EventIndex.ofString("correlation", Event::getCorrelation))
                .index(EventIndex.ofString("type", Event::getType))
                .build();
    }
}
