package io.forebay.serdes.catalog;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/** A catalog in a map. It grows with the number of distinct schemas this program writes, so it needs no bound. */
final class MemoryCatalog implements SchemaCatalog {
    private final String description;
    private final Map<Long, Schema> schemas = new ConcurrentHashMap<>();

    MemoryCatalog(String description) {
        this.description = description;
    }

    @Override
    public @Nullable Schema findByFingerprint(long fingerprint) {
        return schemas.get(fingerprint);
    }

    @Override
    public void publish(Schema schema) {
        schemas.putIfAbsent(SchemaNormalization.parsingFingerprint64(schema), schema);
    }

    @Override
    public String describe() {
        return description;
    }
}
