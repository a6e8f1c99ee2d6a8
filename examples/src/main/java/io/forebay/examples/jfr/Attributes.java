package io.forebay.examples.jfr;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Percentage;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/**
 * Reads the remaining simple fields of one type of event as text with units ({@code 8192 B}, {@code 1500000 ns},
 * {@code 12.5 %}), at most {@value #MAX_ATTRIBUTES} of at most {@value #MAX_LENGTH} characters. The type's fields are
 * looked at once; an event then costs one read for each.
 */
final class Attributes {

    static final int MAX_ATTRIBUTES = 12;
    static final int MAX_LENGTH = 256;

    /** Fields of an event that have a place of their own in {@link io.forebay.serdes.event.Event}. */
    private static final Set<String> ELSEWHERE =
            Set.of("startTime", "duration", "eventThread", "sampledThread", "stackTrace");

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    @FunctionalInterface
    private interface Reader {
        @Nullable
        String read(RecordedEvent event, String field);
    }

    private record Attribute(String name, Reader reader) {}

    private final List<Attribute> attributes = new ArrayList<>();

    Attributes(EventType type) {
        for (ValueDescriptor field : type.getFields()) {
            if (!ELSEWHERE.contains(field.getName()) && attributes.size() < MAX_ATTRIBUTES) {
                attributes.add(new Attribute(field.getName(), reader(field)));
            }
        }
    }

    Map<String, String> read(RecordedEvent event) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Attribute attribute : attributes) {
            String value = attribute.reader().read(event, attribute.name());
            if (value != null) {
                values.put(attribute.name(), bounded(value));
            }
        }
        return values;
    }

    static String bounded(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + '…';
    }

    private static Reader reader(ValueDescriptor field) {
        if (field.getAnnotation(Timespan.class) != null) {
            return Attributes::timespan;
        }
        if (field.getAnnotation(Timestamp.class) != null) {
            return Attributes::timestamp;
        }
        DataAmount amount = field.getAnnotation(DataAmount.class);
        if (amount != null) {
            String unit = DataAmount.BITS.equals(amount.value()) ? " bit" : " B";
            return (event, name) -> event.getLong(name) + unit;
        }
        if (field.getAnnotation(Percentage.class) != null) {
            return (event, name) -> String.format(Locale.ROOT, "%.1f %%", 100 * event.getDouble(name));
        }
        if (field.getAnnotation(MemoryAddress.class) != null) {
            return (event, name) -> "0x" + Long.toHexString(event.getLong(name));
        }
        return Attributes::plain;
    }

    /** Nanoseconds; null where the JVM has none, which it writes as a negative or the largest number. */
    private static @Nullable String timespan(RecordedEvent event, String field) {
        Duration value = event.getDuration(field);
        return value.isNegative() || value.compareTo(LONGEST) > 0 ? null : value.toNanos() + " ns";
    }

    /** ISO-8601; null where the JVM has none, which it writes as the epoch or before. */
    private static @Nullable String timestamp(RecordedEvent event, String field) {
        Instant value = event.getInstant(field);
        return value.isAfter(Instant.EPOCH) && value.isBefore(Instant.MAX) ? value.toString() : null;
    }

    private static @Nullable String plain(RecordedEvent event, String field) {
        Object value = event.getValue(field);
        if (value instanceof RecordedClass type) {
            return Fields.typeName(type);
        }
        if (value instanceof RecordedThread thread) {
            return Fields.threadName(thread);
        }
        if (value instanceof RecordedClassLoader loader) {
            return Fields.loaderName(loader);
        }
        if (value instanceof String text) {
            return text.isEmpty() ? null : text;
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : null;
    }
}
