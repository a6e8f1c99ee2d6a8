package io.forebay.examples.jfr;

import java.util.Locale;
import java.util.Objects;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which flight recorder events hang together, each a {@link Correlator}. What is numbered within one run of
 * one JVM (collections, threads, addresses) carries that run's tag after a tilde, so that {@code gc-17} of today is not
 * taken for {@code gc-17} of yesterday; what means the same everywhere (a file, a socket, a class) does not.
 */
final class Correlations {

    /** Finds what an event belongs to. */
    @FunctionalInterface
    interface Correlator {
        /** Returns the correlation id, or null where the event does not say. */
        @Nullable
        String correlate(Fields fields);
    }

    private static final int HASHED_FRAMES = 64;

    private Correlations() {}

    static @Nullable String none(Fields fields) {
        return null;
    }

    /** {@code gc-17~jvm}: one garbage collection with its pauses, phases and heap summaries. */
    static @Nullable String collection(Fields fields) {
        Long id = fields.number("gcId");
        return id == null ? null : "gc-" + id + '~' + fields.jvm();
    }

    /** {@code thread-42~jvm}: what one thread does, from start to end. */
    static @Nullable String thread(Fields fields) {
        RecordedThread thread = fields.value("thread", RecordedThread.class);
        if (thread == null) {
            thread = fields.value("eventThread", RecordedThread.class);
        }
        if (thread == null) {
            return null;
        }
        long id = thread.getJavaThreadId() > 0 ? thread.getJavaThreadId() : thread.getOSThreadId();
        return "thread-" + id + '~' + fields.jvm();
    }

    /** {@code monitor-java.lang.Object@7f1c~jvm}: everything that fights for one monitor, or waits on it. */
    static @Nullable String monitor(Fields fields) {
        return object("monitor", "monitorClass", fields);
    }

    /** {@code park-java.util…ConditionObject@7f1c~jvm}: threads parked on one object; without one, the thread. */
    static @Nullable String park(Fields fields) {
        String blocker = object("park", "parkedClass", fields);
        return blocker == null ? thread(fields) : blocker;
    }

    /** {@code file-/var/log/syslog}: reads, writes and forces of one file. */
    static @Nullable String file(Fields fields) {
        String path = fields.text("path");
        return path == null ? null : "file-" + path;
    }

    /** {@code socket-broker:9092}: traffic with one peer. */
    static @Nullable String socket(Fields fields) {
        String host = fields.text("host");
        if (host == null) {
            host = fields.text("address");
        }
        Long port = fields.number("port");
        return host == null || port == null ? null : "socket-" + host + ':' + port;
    }

    /** {@code loader-app}: classes of one class loader. */
    static String loader(Fields fields) {
        RecordedClassLoader loader = fields.value("definingClassLoader", RecordedClassLoader.class);
        if (loader == null) {
            loader = fields.value("initiatingClassLoader", RecordedClassLoader.class);
        }
        String name = Fields.loaderName(loader);
        return "loader-" + (name.indexOf('#') < 0 ? name : name + '~' + fields.jvm());
    }

    /** {@code exception-java.io.IOException}: throws of one class. */
    static @Nullable String thrown(Fields fields) {
        return type("exception", "thrownClass", fields);
    }

    /** {@code class-byte[]}: allocations of one class. */
    static @Nullable String allocated(Fields fields) {
        return type("class", "objectClass", fields);
    }

    /** {@code stack-91f0c2d4}: samples with the same methods on the stack, in any run of the program. */
    static @Nullable String stack(Fields fields) {
        RecordedStackTrace trace = fields.stackTrace();
        if (trace == null) {
            return null;
        }
        long hash = 1125899906842597L;
        for (RecordedFrame frame : trace.getFrames()
                .subList(0, Math.min(HASHED_FRAMES, trace.getFrames().size()))) {
            hash = 31 * hash + Objects.hashCode(Fields.className(frame));
            hash = 31 * hash + frame.getMethod().getName().hashCode();
        }
        return String.format(Locale.ROOT, "stack-%08x", (int) (hash ^ (hash >>> 32)));
    }

    /** {@code jvm-x7k2q}: the load of one JVM. */
    static String jvm(Fields fields) {
        return "jvm-" + fields.jvm();
    }

    private static @Nullable String type(String prefix, String field, Fields fields) {
        String name = fields.className(field);
        return name == null ? null : prefix + '-' + name;
    }

    private static @Nullable String object(String prefix, String classField, Fields fields) {
        String name = fields.className(classField);
        Long address = fields.number("address");
        if (name == null || address == null) {
            return null;
        }
        return prefix + '-' + name + '@' + Long.toHexString(address) + '~' + fields.jvm();
    }
}
