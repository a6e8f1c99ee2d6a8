package io.forebay.serdes;

import io.forebay.serdes.RegistryFraming.Policy;
import io.forebay.serdes.catalog.SchemaCatalog;
import io.forebay.serdes.registry.SchemaRegistry;
import io.forebay.serdes.registry.SchemaRegistryClient;
import io.forebay.serdes.registry.SubjectNameStrategy;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes Avro serdes.
 *
 * <pre>{@code
 * Serde<Event> alone = AvroSerdes.specific(Event.class).build();
 * Serde<Event> shared = AvroSerdes.specific(Event.class).registry("http://localhost:8081").build();
 * }</pre>
 *
 * <p><b>Without a registry</b> records carry the fingerprint of their schema (Avro's single-object encoding). A reader
 * knows its own schema and those in its {@link SchemaCatalog}: by default what the class path brings, optionally a
 * compacted topic that programs share.
 *
 * <p><b>With a registry</b> records carry the number that the registry gave to their schema (Confluent's wire format), and
 * are understood by everything that speaks it.
 *
 * <p>Either way the reader's schema decides what comes out: fields the writer did not have get their defaults, fields the
 * reader does not have are skipped, aliases are followed, numbers are widened.
 *
 * <p>Classes handed in here need not be listed in Avro's {@code org.apache.avro.SERIALIZABLE_PACKAGES}.
 */
public final class AvroSerdes {
    private AvroSerdes() {}

    /** Records of a generated class; the class's schema is both what is written and what is read into. */
    public static <T extends SpecificRecord> Builder<T> specific(Class<T> type) {
        return new Builder<>(DataModel.specific(type), loaderOf(type));
    }

    /** Generic records: written in the schema each one has, read in the schema each one was written with. */
    public static Builder<GenericRecord> generic() {
        return new Builder<>(DataModel.generic(), loaderOf(AvroSerdes.class));
    }

    /** Generic records, written and read in one schema. */
    public static Builder<GenericRecord> generic(Schema schema) {
        return new Builder<>(DataModel.generic(schema), loaderOf(AvroSerdes.class));
    }

    /** Objects of any class, by reflection: Avro derives the schema from the fields. Slower than generated classes. */
    public static <T> Builder<T> reflect(Class<T> type) {
        return new Builder<>(DataModel.reflect(type), loaderOf(type));
    }

    static ClassLoader loaderOf(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null ? loader : ClassLoader.getSystemClassLoader();
    }

    /**
     * Options of a serde. Not thread-safe; the serde is.
     *
     * @param <T> what is written and read
     */
    public static final class Builder<T> {
        private final DataModel model;
        private final ClassLoader loader;
        private @Nullable SchemaRegistry registry;
        private SchemaRegistryClient.@Nullable Builder ownRegistry;
        private int maxCachedSchemas = SchemaRegistryClient.DEFAULT_MAX_CACHED_SCHEMAS;
        private @Nullable SchemaCatalog catalog;
        private @Nullable SubjectNameStrategy subjects;
        private @Nullable Boolean autoRegister;
        private boolean useLatestVersion;
        private boolean isKey;

        private Builder(DataModel model, ClassLoader loader) {
            this.model = model;
            this.loader = loader;
        }

        /** Takes schemas from, and gives them to, a registry; closing the serde does not close it. */
        public Builder<T> registry(SchemaRegistry registry) {
            this.registry = registry;
            this.ownRegistry = null;
            return this;
        }

        /** As {@link #registry(SchemaRegistry)}, with a client of its own at these URLs of one registry. */
        public Builder<T> registry(String... urls) {
            this.registry = null;
            this.ownRegistry = SchemaRegistryClient.builder(urls);
            return this;
        }

        /** Works without a registry, with these schemas; closing the serde does not close the catalog. */
        public Builder<T> catalog(SchemaCatalog catalog) {
            this.catalog = catalog;
            return this;
        }

        /** Says that records are keys, which makes a difference to {@link SubjectNameStrategy#TOPIC}. */
        public Builder<T> forKeys() {
            this.isKey = true;
            return this;
        }

        /** Under which subject schemas are registered; default {@link SubjectNameStrategy#TOPIC}. */
        public Builder<T> subjects(SubjectNameStrategy strategy) {
            this.subjects = strategy;
            return this;
        }

        /** Whether a schema that is new to the registry is registered (the default) or refused. */
        public Builder<T> autoRegister(boolean on) {
            this.autoRegister = on;
            return this;
        }

        /**
         * Writes in the newest schema of the subject, whatever the program's own is; default off. Fields are matched by
         * name; what the program cannot provide needs a default in the newest schema.
         */
        public Builder<T> useLatestVersion(boolean on) {
            this.useLatestVersion = on;
            return this;
        }

        /**
         * How many schemas to keep in each direction, in each thread and in a registry client of its own; default 1000.
         *
         * @throws IllegalArgumentException if it is less than 1; names the value
         */
        public Builder<T> maxCachedSchemas(int max) {
            if (max < 1) {
                throw new IllegalArgumentException("maxCachedSchemas must be at least 1: " + max);
            }
            this.maxCachedSchemas = max;
            return this;
        }

        /**
         * Makes the serde; does not connect yet.
         *
         * @throws IllegalStateException if options contradict each other; names them
         */
        public AvroSerde<T> build() {
            return new AvroSerde<>(new Codec(model, framing(), maxCachedSchemas));
        }

        private Framing framing() {
            Policy policy = policy();
            SubjectNameStrategy strategy = subjects == null ? SubjectNameStrategy.TOPIC : subjects;
            if (ownRegistry != null) {
                requireNoCatalog();
                SchemaRegistry own =
                        ownRegistry.maxCachedSchemas(maxCachedSchemas).build();
                return new RegistryFraming(own, true, isKey, strategy, policy);
            }
            if (registry != null) {
                requireNoCatalog();
                return new RegistryFraming(registry, false, isKey, strategy, policy);
            }
            if (subjects != null || autoRegister != null || useLatestVersion) {
                throw new IllegalStateException(
                        "subjects, autoRegister and useLatestVersion are about a registry: add registry(...)");
            }
            return catalog == null
                    ? new SingleObjectFraming(SchemaCatalog.classPath(loader), true)
                    : new SingleObjectFraming(catalog, false);
        }

        private void requireNoCatalog() {
            if (catalog != null) {
                throw new IllegalStateException("registry(...) and catalog(...) exclude each other");
            }
        }

        private Policy policy() {
            if (useLatestVersion && autoRegister != null && autoRegister) {
                throw new IllegalStateException("useLatestVersion(true) and autoRegister(true) exclude each other");
            }
            if (useLatestVersion) {
                return Policy.LATEST;
            }
            return autoRegister == null || autoRegister ? Policy.AUTO_REGISTER : Policy.LOOK_UP;
        }
    }
}
