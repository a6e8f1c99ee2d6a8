package io.forebay.serdes.catalog;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Schemas by fingerprint, for programs that have no schema registry. Implementations are thread-safe. */
public interface SchemaCatalog extends AutoCloseable {
    /**
     * The schema whose CRC-64-AVRO fingerprint (of its parsing canonical form) is given, or null if it is unknown.
     *
     * @throws RuntimeException if the catalog cannot be reached
     */
    @Nullable
    Schema findByFingerprint(long fingerprint);

    /**
     * Makes a schema known to whoever shares this catalog; returns once it is. Publishing it again does nothing.
     *
     * @throws org.apache.avro.AvroTypeException if another schema has the same fingerprint and different logical types,
     *     which fingerprints leave out: readers could not tell what a value means; names the field and both types
     * @throws RuntimeException if the catalog cannot be reached
     */
    void publish(Schema schema);

    /** What this catalog is, for error messages: {@code the class path}, {@code topic forebay-schemas}. */
    String describe();

    /** Releases connections. Idempotent. */
    @Override
    default void close() {}

    /** A catalog of this program alone that knows {@code schemas} and what is published to it. */
    static SchemaCatalog of(Schema... schemas) {
        MemoryCatalog catalog = new MemoryCatalog("this program's schemas");
        for (Schema schema : schemas) {
            catalog.publish(schema);
        }
        return catalog;
    }

    /**
     * A catalog of this program alone that knows every {@code *.avsc} file in {@code META-INF/forebay/schemas/} of the
     * class path, in directories and jars. Put a released schema there and every later version of the program reads what
     * the release has written. Forebay's own jar brings all versions of its event. The files are read when the
     * catalog is first asked; one that is not an Avro schema is then an {@link IllegalStateException} naming it.
     */
    static SchemaCatalog classPath(ClassLoader loader) {
        return new ClassPathCatalog(loader);
    }
}
