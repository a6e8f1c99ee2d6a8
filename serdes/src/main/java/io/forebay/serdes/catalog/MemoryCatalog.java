package io.forebay.serdes.catalog;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/** A catalog in a map. It grows with the number of distinct schemas this program writes, so it needs no bound. */
final class MemoryCatalog implements SchemaCatalog {
    private final String description;
    private final KnownSchemas schemas = new KnownSchemas();

    MemoryCatalog(String description) {
        this.description = description;
    }

    @Override
    public @Nullable Schema findByFingerprint(long fingerprint) {
        return schemas.find(fingerprint);
    }

    @Override
    public void publish(Schema schema) {
        long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        if (!schemas.admits(fingerprint, schema)) {
            schemas.add(fingerprint, schema);
        }
    }

    /** Takes a schema that records may have been written with, whether or not it gets on with the others. */
    void add(Schema schema) {
        schemas.add(SchemaNormalization.parsingFingerprint64(schema), schema);
    }

    @Override
    public String describe() {
        return description;
    }
}
