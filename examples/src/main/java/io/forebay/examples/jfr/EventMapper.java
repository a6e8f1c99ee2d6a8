package io.forebay.examples.jfr;

import io.forebay.serdes.event.Event;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/**
 * Turns events of the flight recorder into trace events. What can be known per type is worked out once per type. Used by
 * the stream's one thread only.
 */
final class EventMapper {

    private static final int MAX_TEXT_LENGTH = 512;

    private final String jvm;
    private final Ulids ids = new Ulids();
    private final Map<String, TypeReader> readers = new HashMap<>();

    /** @param jvm tag of the observed JVM's run */
    EventMapper(String jvm) {
        this.jvm = jvm;
    }

    Event map(RecordedEvent event) {
        EventType type = event.getEventType();
        TypeReader reader = readers.get(type.getName());
        if (reader == null || reader.typeId() != type.getId()) {
            reader = new TypeReader(
                    type.getId(),
                    EventMapping.of(type.getName()),
                    new Attributes(type),
                    type.getField("duration") != null);
            readers.put(type.getName(), reader);
        }
        return reader.read(new Fields(event, jvm), ids);
    }

    /** What is known of a type as the observed JVM declares it; a JVM may declare it anew under another number. */
    private record TypeReader(long typeId, EventMapping mapping, Attributes attributes, boolean timed) {

        Event read(Fields fields, Ulids ids) {
            RecordedEvent event = fields.event();
            Event mapped = new Event();
            mapped.setId(ids.next(event.getStartTime()));
            mapped.setTimestamp(event.getStartTime());
            mapped.setType(mapping.event());
            mapped.setDurationNanos(duration(event));
            mapped.setCorrelation(bounded(mapping.correlator().correlate(fields)));

            RecordedThread thread = fields.value(mapping.threadField(), RecordedThread.class);
            mapped.setProcess(thread == null ? null : bounded(Fields.threadName(thread)));

            Map<String, String> values = attributes.read(event);
            values.put("jvm", fields.jvm());
            mapped.setAttributes(values);

            RecordedStackTrace trace = fields.stackTrace();
            RecordedFrame frame = trace == null ? null : mapping.frames().pick(trace, fields);
            if (frame != null) {
                mapped.setModule(Fields.className(frame));
                mapped.setFunction(frame.getMethod().getName());
                if (frame.getLineNumber() > 0) {
                    values.put("line", Integer.toString(frame.getLineNumber()));
                }
            }
            return mapped;
        }

        /** Null for an instant, which Java 17 writes as a duration of zero for some types. */
        private @Nullable Long duration(RecordedEvent event) {
            long nanos = timed ? event.getDuration().toNanos() : 0;
            return nanos == 0 ? null : nanos;
        }

        private static @Nullable String bounded(@Nullable String text) {
            return text == null || text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH);
        }
    }
}
