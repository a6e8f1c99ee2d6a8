package io.forebay.serdes.catalog;

import io.forebay.serdes.internal.LogicalTypeCheck;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Schemas by fingerprint. A fingerprint leaves logical types out, so two schemas may share one and mean different
 * things; then nobody can tell what a record means that carries it, and whoever asks is told so. Thread-safe.
 */
final class KnownSchemas {
    private final Map<Long, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Long, String> ambiguities = new ConcurrentHashMap<>();

    /**
     * The schema of a fingerprint.
     *
     * @throws AvroTypeException if there are two that mean different things; names the field and both types
     */
    @Nullable
    Schema find(long fingerprint) {
        String ambiguity = ambiguities.get(fingerprint);
        if (ambiguity != null) {
            throw new AvroTypeException(ambiguity);
        }
        return schemas.get(fingerprint);
    }

    /**
     * Checks a schema before records are written with it.
     *
     * @return whether it is known already
     * @throws AvroTypeException if another is known that means something else; names the field and both types
     */
    boolean admits(long fingerprint, Schema schema) {
        Schema known = find(fingerprint);
        if (known != null) {
            LogicalTypeCheck.requireSameMeaning(fingerprint, known, schema);
        }
        return known != null;
    }

    /** Takes a schema that records may have been written with. */
    void add(long fingerprint, Schema schema) {
        Schema known = schemas.putIfAbsent(fingerprint, schema);
        if (known != null) {
            try {
                LogicalTypeCheck.requireSameMeaning(fingerprint, known, schema);
            } catch (AvroTypeException e) {
                ambiguities.put(fingerprint, String.valueOf(e.getMessage()));
            }
        }
    }
}
