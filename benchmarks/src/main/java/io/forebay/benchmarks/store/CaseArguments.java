package io.forebay.benchmarks.store;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a case is told, as {@code name=value}, and how it answers: with lines that {@link CaseJvm} understands. */
final class CaseArguments {

    static final String FIGURE = "figure ";
    static final String REACHED = "reached";

    private final Map<String, String> values = new HashMap<>();

    CaseArguments(String[] args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
    }

    /** The value of an argument. */
    String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("argument " + name + "=... is missing; there are " + values.keySet());
        }
        return value;
    }

    int number(String name) {
        return Integer.parseInt(get(name));
    }

    Path path(String name) {
        return Path.of(get(name));
    }

    <T extends Enum<T>> T choice(String name, Class<T> type) {
        return Enum.valueOf(type, get(name));
    }

    /** Tells the parent a result. */
    static void figure(String name, double value) {
        System.out.println(FIGURE + name + " " + value);
    }

    /** Tells the parent that it may kill this JVM now. */
    static void reached() {
        System.out.println(REACHED);
    }

    static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
