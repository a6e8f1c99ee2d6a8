package io.forebay.serdes.catalog;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What the class path brings along, read when the first unknown fingerprint turns up, and what is published. */
final class ClassPathCatalog implements SchemaCatalog {
    private final ClassLoader loader;
    private final MemoryCatalog known = new MemoryCatalog(describeClassPath());
    private volatile boolean loaded;

    ClassPathCatalog(ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public @Nullable Schema findByFingerprint(long fingerprint) {
        load();
        return known.findByFingerprint(fingerprint);
    }

    /** What the class path brings comes first: a release has been written with it. */
    @Override
    public void publish(Schema schema) {
        load();
        known.publish(schema);
    }

    private void load() {
        if (!loaded) {
            ClassPathSchemas.load(loader).forEach(known::add); // two threads may both do it, to the same effect
            loaded = true;
        }
    }

    @Override
    public String describe() {
        return known.describe();
    }

    private static String describeClassPath() {
        return "the class path (" + ClassPathSchemas.DIRECTORY + "*.avsc)";
    }
}
