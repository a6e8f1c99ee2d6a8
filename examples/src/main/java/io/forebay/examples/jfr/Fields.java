package io.forebay.examples.jfr;

import java.util.Map;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/**
 * A recorded event seen defensively: fields come and go between releases of Java, so a field that is missing, or of
 * another kind than expected, reads as null.
 *
 * @param event the recorded event, valid only during the callback
 * @param jvm short tag of the observed JVM's run, see {@link ObservedJvm}
 */
record Fields(RecordedEvent event, String jvm) {

    private static final Map<String, String> PRIMITIVES = Map.of(
            "Z", "boolean", "B", "byte", "C", "char", "S", "short", "I", "int", "J", "long", "F", "float", "D",
            "double");

    <T> @Nullable T value(String field, Class<T> type) {
        if (!event.hasField(field)) {
            return null;
        }
        Object value = event.getValue(field);
        return type.isInstance(value) ? type.cast(value) : null;
    }

    @Nullable
    Long number(String field) {
        Number value = value(field, Number.class);
        return value == null ? null : value.longValue();
    }

    @Nullable
    String text(String field) {
        String value = value(field, String.class);
        return value == null || value.isEmpty() ? null : value;
    }

    @Nullable
    String className(String field) {
        RecordedClass value = value(field, RecordedClass.class);
        return value == null ? null : typeName(value);
    }

    @Nullable
    RecordedStackTrace stackTrace() {
        return value("stackTrace", RecordedStackTrace.class);
    }

    /**
     * Name and id of a thread: {@code main#1} for Java threads, {@code VM Thread@4711} with the operating system's id for
     * the JVM's own, {@code virtual#57} for a virtual thread without a name.
     */
    static String threadName(RecordedThread thread) {
        String javaName = thread.getJavaName();
        if (thread.getJavaThreadId() > 0) {
            String name = javaName == null || javaName.isEmpty() ? "virtual" : javaName;
            return name + '#' + thread.getJavaThreadId();
        }
        String name = javaName == null ? thread.getOSName() : javaName;
        return (name == null ? "thread" : name) + '@' + thread.getOSThreadId();
    }

    /** Name of a class loader: {@code app}, {@code platform}, or its class and number; null is the boot loader. */
    static String loaderName(@Nullable RecordedClassLoader loader) {
        if (loader == null) {
            return "bootstrap";
        }
        String name = loader.getName();
        if (name != null && !name.isEmpty()) {
            return name;
        }
        RecordedClass type = loader.getType();
        return (type == null ? "loader" : typeName(type)) + '#' + loader.getId();
    }

    /** Name of the class a frame's method belongs to, or null for a method that has been unloaded. */
    static @Nullable String className(RecordedFrame frame) {
        RecordedMethod method = frame.getMethod();
        RecordedClass type = method == null ? null : method.getType();
        return type == null ? null : typeName(type);
    }

    /** A class as it is written in Java: the flight recorder's {@code [B} is {@code byte[]}. */
    static String typeName(RecordedClass type) {
        String name = type.getName();
        int dimensions = name.lastIndexOf('[') + 1;
        if (dimensions == 0) {
            return name;
        }
        String element = name.substring(dimensions);
        String elementName = element.startsWith("L")
                ? element.substring(1, element.length() - (element.endsWith(";") ? 1 : 0))
                : PRIMITIVES.getOrDefault(element, element);
        return elementName + "[]".repeat(dimensions);
    }
}
