package io.forebay.examples.jfr;

import java.util.HashMap;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to {@link EventSetting#throttle} where the observed JVM cannot do it for a type itself: Java 17 cannot throttle
 * exceptions, and a storm of them must not push everything else out of the sink. Used by one thread.
 */
final class Throttles {

    /** The throttle of a type under one setting; null where none is needed. */
    private record Entry(EventSetting setting, @Nullable Throttle throttle) {}

    private final Map<String, Entry> entries = new HashMap<>();

    boolean passes(RecordedEvent event, EventSetting setting) {
        if (setting.throttle() == null) {
            return true;
        }
        EventType type = event.getEventType();
        Entry entry = entries.get(type.getName());
        if (entry == null || !entry.setting().equals(setting)) {
            entry = new Entry(setting, missing(type, setting.throttle()));
            entries.put(type.getName(), entry);
        }
        Throttle throttle = entry.throttle();
        return throttle == null || throttle.passes(event.getEndTime());
    }

    /** The throttle that is asked for and not provided by the JVM, or null. */
    private static @Nullable Throttle missing(EventType type, String rate) {
        boolean provided = type.getSettingDescriptors().stream()
                .anyMatch(descriptor -> descriptor.getName().equals("throttle"));
        return provided || rate.equals("off") ? null : new Throttle(rate);
    }
}
