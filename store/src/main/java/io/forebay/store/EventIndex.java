package io.forebay.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A secondary index: a name, and how to take the values an event is found by out of the event.
 *
 * <p>A simple index has one part, which carries the name of the index and may have several values per event. A
 * composite index has several parts; queries give any of them, and giving a prefix of them is the fast way. An event
 * whose value is null (for a composite: whose first part is null) is not in the index.
 *
 * <p>Immutable. Extractors must be pure functions of the event: they run again when it is replaced, restored or indexed anew, and
 * have to give the same values then. Declare a new {@link #version(int)} when an extractor changes its mind.
 *
 * <p><b>They must be thread-safe.</b> They run on the thread that puts the event, on those that write to RocksDB, on the one that opens
 * or restores a store, on those that ask, and at once for all partitions of a process.
 *
 * @param <E> the type of the events
 */
public final class EventIndex<E> {

    private final String name;
    private final int version;
    private final List<Part<E>> parts;

    private EventIndex(String name, int version, List<Part<E>> parts) {
        this.name = requireName(name);
        this.version = version;
        this.parts = List.copyOf(parts);
    }

    /** An index on one text value per event, or none. */
    public static <E> EventIndex<E> ofString(String name, Function<? super E, @Nullable String> value) {
        return simple(name, ValueType.STRING, event -> listOfNullable(value.apply(event)));
    }

    /** An index on any number of text values per event. */
    public static <E> EventIndex<E> ofStrings(String name, Function<? super E, ? extends Collection<String>> values) {
        return simple(name, ValueType.STRING, values);
    }

    /** An index on one whole number per event, or none. */
    public static <E> EventIndex<E> ofLong(String name, Function<? super E, @Nullable Long> value) {
        return simple(name, ValueType.LONG, event -> listOfNullable(value.apply(event)));
    }

    /** An index on one byte string per event, or none. */
    public static <E> EventIndex<E> ofBytes(String name, Function<? super E, byte @Nullable []> value) {
        return simple(name, ValueType.BYTES, event -> listOfNullable(value.apply(event)));
    }

    /**
     * An index on the combination of the given parts, in their order.
     *
     * @throws IllegalArgumentException if there are fewer than two parts, a part is itself composite, or two parts
     *     share a name
     */
    @SafeVarargs
    public static <E> EventIndex<E> composite(String name, EventIndex<E>... parts) {
        if (parts.length < 2) {
            throw new IllegalArgumentException("composite index '" + name + "' needs at least two parts, got "
                    + parts.length + "; use a simple index instead");
        }
        List<Part<E>> flat = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (EventIndex<E> part : parts) {
            if (part.parts.size() != 1) {
                throw new IllegalArgumentException(
                        "part '" + part.name + "' of composite index '" + name + "' is itself composite");
            }
            if (!seen.add(part.name)) {
                throw new IllegalArgumentException("composite index '" + name + "' has two parts '" + part.name + "'");
            }
            flat.add(part.parts.get(0));
        }
        return new EventIndex<>(name, 1, flat);
    }

    /** The same index with another declared version of its extractors (default 1). A change rebuilds the index. */
    public EventIndex<E> version(int newVersion) {
        return new EventIndex<>(name, newVersion, parts);
    }

    /** The name that queries use. */
    public String name() {
        return name;
    }

    /** The declared version of the extractors. */
    public int version() {
        return version;
    }

    /** The names of the parts, in order; for a simple index its own name alone. */
    public List<String> partNames() {
        return parts.stream().map(Part::name).toList();
    }

    /**
     * Reads the value that a query gives for a part from text: text stands for itself, whole numbers are decimal, bytes
     * are hexadecimal.
     *
     * @throws IllegalArgumentException if there is no such part, or the text is no value of its type
     */
    public Object parse(String partName, String text) {
        return parts.stream()
                .filter(part -> part.name().equals(partName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "index '" + name + "' has no part '" + partName + "'; it has " + partNames()))
                .type()
                .parse(text);
    }

    List<Part<E>> parts() {
        return parts;
    }

    private static <E> EventIndex<E> simple(
            String name, ValueType type, Function<? super E, ? extends Collection<?>> values) {
        Objects.requireNonNull(values, "values");
        return new EventIndex<>(name, 1, List.of(new Part<>(name, type, values)));
    }

    private static <V> List<V> listOfNullable(@Nullable V value) {
        return value == null ? List.of() : List.of(value);
    }

    private static String requireName(String name) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_.-]{0,62}")) {
            throw new IllegalArgumentException("index name '" + name
                    + "' must start with a letter and have at most 63 letters, digits, dots, dashes or underscores");
        }
        return name;
    }

    /** One component of an index. */
    record Part<E>(String name, ValueType type, Function<? super E, ? extends Collection<?>> values) {}
}
