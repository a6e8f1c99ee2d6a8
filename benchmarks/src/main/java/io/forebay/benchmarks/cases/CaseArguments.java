package io.forebay.benchmarks.cases;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;

/** What a case is told, as {@code name=value}, and how it answers: with lines that {@link CaseJvm} understands. */
public final class CaseArguments {

    public static final String FIGURE = "figure ";
    public static final String REACHED = "reached";

    private final Map<String, String> values = new HashMap<>();

    public CaseArguments(String[] args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
    }

    /** The value of an argument. */
    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("argument " + name + "=... is missing; there are " + values.keySet());
        }
        return value;
    }

    public int number(String name) {
        return Integer.parseInt(get(name));
    }

    public Path path(String name) {
        return Path.of(get(name));
    }

    public <T extends Enum<T>> T choice(String name, Class<T> type) {
        return Enum.valueOf(type, get(name));
    }

    /** Tells the parent a result. */
    public static void figure(String name, double value) {
        System.out.println(FIGURE + name + " " + value);
    }

    /** Tells the parent that it may kill this JVM now. */
    public static void reached() {
        System.out.println(REACHED);
    }

    /** Ends this JVM when its application has failed, which has logged why: nobody is to wait for what will not come. */
    public static void endIfFailed(KafkaStreams.State state) {
        if (state == KafkaStreams.State.ERROR) {
            Runtime.getRuntime().halt(1);
        }
    }

    public static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
