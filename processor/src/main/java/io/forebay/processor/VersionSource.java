package io.forebay.processor;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where the version of an update is. Of two updates of a key the one with the greater version is the newer one, whatever the order in
 * which they come.
 *
 * <p>Has to give the same version for the same record whenever it is asked: records are processed again after failures.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface VersionSource<K, V> {

    /**
     * The version of an update.
     *
     * @param record the update; without a value it is a delete
     * @param metadata where the record comes from, or null if it does not come from a topic
     * @throws IllegalArgumentException if it has none
     */
    long versionOf(Record<K, V> record, @Nullable RecordMetadata metadata);

    /**
     * The version is in the value. A delete has no value, and therefore no version: see {@link #orForDeletes}.
     */
    static <K, V> VersionSource<K, V> value(ToLongFunction<? super V> version) {
        Objects.requireNonNull(version, "version");
        return (record, metadata) -> {
            if (record.value() == null) {
                throw new IllegalArgumentException("a delete has no value to take the version from;"
                        + " say with orForDeletes(...) where deletes have theirs");
            }
            return version.applyAsLong(record.value());
        };
    }

    /** The version is a whole number in a header: decimal digits in UTF-8, as {@link PutNewer#VERSION_HEADER} has them. */
    static <K, V> VersionSource<K, V> header(String name) {
        Objects.requireNonNull(name, "name");
        return (record, metadata) -> {
            Header header = record.headers().lastHeader(name);
            if (header == null || header.value() == null) {
                throw new IllegalArgumentException("the record has no header '" + name + "'");
            }
            String text = new String(header.value(), StandardCharsets.UTF_8);
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("header '" + name + "' is '" + text + "', not a whole number", e);
            }
        };
    }

    /** The version is the timestamp of the record. Two updates within a millisecond have the same; the second of them is stale. */
    static <K, V> VersionSource<K, V> timestamp() {
        return (record, metadata) -> record.timestamp();
    }

    /**
     * The version is the offset of the record. Only good for keys that are all in one topic: then nothing is ever stale, except what is
     * processed again.
     */
    static <K, V> VersionSource<K, V> offset() {
        return (record, metadata) -> {
            if (metadata == null || metadata.offset() < 0) {
                throw new IllegalArgumentException("the record does not come from a topic and has no offset");
            }
            return metadata.offset();
        };
    }

    /** The same, except that deletes have their version elsewhere. */
    default VersionSource<K, V> orForDeletes(VersionSource<K, V> ofDeletes) {
        Objects.requireNonNull(ofDeletes, "ofDeletes");
        return (record, metadata) ->
                record.value() == null ? ofDeletes.versionOf(record, metadata) : versionOf(record, metadata);
    }
}
