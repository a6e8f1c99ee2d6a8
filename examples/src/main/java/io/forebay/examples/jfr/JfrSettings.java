package io.forebay.examples.jfr;

import static io.forebay.examples.jfr.EventSetting.always;
import static io.forebay.examples.jfr.EventSetting.atLeast;
import static io.forebay.examples.jfr.EventSetting.atMost;
import static io.forebay.examples.jfr.EventSetting.every;

import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.TypeRule;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is captured: the types of flight recorder events that are on, each with its setting. Immutable; a running
 * {@link JfrSource} takes another one with {@link JfrSource#apply}.
 *
 * <p>Any event the observed JVM knows may be named, an application's own events included. Types that JVM does not know
 * are ignored, so that one value serves several releases of Java.
 *
 * @param events setting by name of the event type, sorted by name
 * @param plan which of the events that are recorded are captured in the end
 */
public record JfrSettings(SortedMap<String, EventSetting> events, CapturePlan plan) {

    private static final JfrSettings DEFAULTS = new JfrSettings(defaultEvents());

    /** Copies the map. */
    public JfrSettings {
        events = Collections.unmodifiableSortedMap(new TreeMap<>(events));
    }

    /** Everything that is recorded is captured; refuses an empty map, which would capture nothing. */
    public JfrSettings(SortedMap<String, EventSetting> events) {
        this(events, CapturePlan.EVERYTHING);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("events={}: name at least one event type");
        }
    }

    /** The types and thresholds described in {@code docs/jfr-events.md}. */
    public static JfrSettings defaults() {
        return DEFAULTS;
    }

    /** These settings with one type added or changed. */
    public JfrSettings with(String event, EventSetting setting) {
        SortedMap<String, EventSetting> changed = new TreeMap<>(events);
        changed.put(event, setting);
        return new JfrSettings(changed, plan);
    }

    /** These settings with one type switched off. */
    public JfrSettings without(String event) {
        SortedMap<String, EventSetting> changed = new TreeMap<>(events);
        changed.remove(event);
        return new JfrSettings(changed, plan);
    }

    /**
     * These settings as a capture plan changes them: types that it names are on or off as it says, and recorded with its
     * thresholds and rates; what it does not say stays as it is here. A type that is not on here is recorded without a
     * threshold unless the plan has one.
     */
    public JfrSettings following(CapturePlan changes) {
        Map<String, EventSetting> before = new HashMap<>(events);
        changes.types().keySet().forEach(type -> before.putIfAbsent(type, EventSetting.always()));
        SortedMap<String, EventSetting> on = new TreeMap<>();
        before.forEach((type, setting) -> {
            TypeRule rule = changes.ruleOf(type);
            if (rule.capture()) {
                on.put(type, setting.following(rule));
            }
        });
        return new JfrSettings(on, changes);
    }

    /** The flight recorder's own notation: {@code jdk.ThreadPark#threshold=10000000 ns} and so on. */
    Map<String, String> toRecorderSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        events.forEach((event, setting) -> setting.addTo(settings, event));
        return settings;
    }

    private static SortedMap<String, EventSetting> defaultEvents() {
        SortedMap<String, EventSetting> on = new TreeMap<>();
        Duration ofInterest = Duration.ofMillis(1);
        Duration ofIdling = Duration.ofMillis(20);

        on.put("jdk.ExecutionSample", every(Duration.ofMillis(20)));
        on.put("jdk.NativeMethodSample", every(Duration.ofSeconds(1)));
        on.put("jdk.ObjectAllocationSample", atMost("150/s"));

        on.put("jdk.GarbageCollection", always());
        on.put("jdk.GCPhasePause", always());
        on.put("jdk.GCPhasePauseLevel1", always());
        on.put("jdk.GCPhasePauseLevel2", atLeast(ofInterest));
        on.put("jdk.GCPhaseConcurrent", always());
        on.put("jdk.GCHeapSummary", always());

        on.put("jdk.ThreadPark", atLeast(ofIdling));
        on.put("jdk.JavaMonitorWait", atLeast(ofIdling));
        on.put("jdk.JavaMonitorEnter", atLeast(ofInterest));
        on.put("jdk.VirtualThreadPinned", atLeast(ofInterest));

        on.put("jdk.FileRead", atLeast(ofInterest));
        on.put("jdk.FileWrite", atLeast(ofInterest));
        on.put("jdk.FileForce", atLeast(ofInterest));
        on.put("jdk.SocketRead", atLeast(ofInterest));
        on.put("jdk.SocketWrite", atLeast(ofInterest));

        on.put("jdk.ClassLoad", atLeast(ofInterest));
        on.put("jdk.JavaExceptionThrow", atMost("300/s"));
        on.put("jdk.JavaErrorThrow", always());

        on.put("jdk.CPULoad", every(Duration.ofSeconds(1)));
        on.put("jdk.ThreadCPULoad", every(Duration.ofSeconds(10)));
        on.put("jdk.ThreadStart", always());
        on.put("jdk.ThreadEnd", always());
        return on;
    }
}
