package io.forebay.serdes;

import io.forebay.serdes.internal.LogicalTypeCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Encoder;
import org.apache.avro.reflect.ReflectData;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.jspecify.annotations.Nullable;

/**
 * How Avro data becomes Java objects: generated classes, generic records, or any class by reflection.
 *
 * <p>Thread-safe. The readers and writers it makes belong to one thread.
 */
sealed interface DataModel {
    /** The schema to write {@code value} with. */
    Schema schemaOf(Object value);

    /** A writer of {@code schema}. */
    DatumWriter<Object> writer(Schema schema);

    /** A reader of what was written in schema {@code writer}, which resolves it into the schema that is wanted. */
    DatumReader<Object> reader(Schema writer);

    /** One generated class, whose schema is the reader's. */
    static DataModel specific(Class<?> type) {
        SpecificData data = new SpecificData(type.getClassLoader());
        SpecificData.getForClass(type).getConversions().forEach(data::addLogicalTypeConversion);
        Schema schema = data.getSchema(type);
        TrustedClasses.trust(schema);
        return new OneSchema(data, schema);
    }

    /** Generic records, always in {@code readerSchema}. */
    static DataModel generic(Schema readerSchema) {
        return new OneSchema(new GenericData(), readerSchema);
    }

    /** Any class, its schema taken from its fields. */
    static DataModel reflect(Class<?> type) {
        ReflectData data = UsualConversions.addTo(new ReflectData(type.getClassLoader()));
        Schema schema = data.getSchema(type);
        TrustedClasses.trust(schema);
        return new OneSchema(data, schema);
    }

    /** Generic records and primitive values, in whatever schema they come. */
    static DataModel generic() {
        return new AnySchema(new GenericData());
    }

    /**
     * Whatever comes: a record is written as what it is.
     *
     * @param readSpecific whether to read into the generated class named like the schema, if there is one
     */
    static DataModel byName(ClassLoader loader, boolean readSpecific, int maxCachedSchemas) {
        return new ByName(loader, readSpecific, new SynchronizedCache<>(new LRUCache<>(maxCachedSchemas)));
    }

    /** Reads and writes one schema. */
    final class OneSchema implements DataModel {
        private final GenericData data;
        private final Schema schema;

        /** The last schema that turned out to be as good as ours; to find that out takes long. */
        private volatile @Nullable Schema equivalent;

        OneSchema(GenericData data, Schema schema) {
            this.data = data;
            this.schema = schema;
        }

        Schema schema() {
            return schema;
        }

        /** Avro writes fields by their position and does not look: a record of another schema would become a wrong one. */
        @Override
        public Schema schemaOf(Object value) {
            if (value instanceof GenericContainer container && !isOurs(container.getSchema())) {
                throw new AvroRuntimeException(
                        "the record is a " + container.getSchema().getFullName() + " of another schema than the "
                                + schema.getFullName() + " that this serde writes");
            }
            return schema;
        }

        private boolean isOurs(Schema other) {
            if (other == schema || other == equivalent) {
                return true;
            }
            boolean ours = other.equals(schema)
                    || SchemaNormalization.toParsingForm(other).equals(SchemaNormalization.toParsingForm(schema))
                            && meansTheSame(other);
            if (ours) {
                equivalent = other;
            }
            return ours;
        }

        private boolean meansTheSame(Schema other) {
            try {
                LogicalTypeCheck.requireReadable(schema, other);
                return true;
            } catch (AvroTypeException e) {
                return false;
            }
        }

        @Override
        @SuppressWarnings("unchecked") // the schema says what a datum is, and Avro checks it
        public DatumWriter<Object> writer(Schema writer) {
            return data.createDatumWriter(writer);
        }

        @Override
        @SuppressWarnings("unchecked")
        public DatumReader<Object> reader(Schema writer) {
            SchemaBounds.of(writer);
            LogicalTypeCheck.requireReadable(schema, writer);
            return data.createDatumReader(writer, schema);
        }
    }

    /** Follows the schema that comes with each value. */
    record AnySchema(GenericData data) implements DataModel {
        private static final Map<Class<?>, Schema> PRIMITIVES = Map.of(
                String.class, Schema.create(Schema.Type.STRING),
                Integer.class, Schema.create(Schema.Type.INT),
                Long.class, Schema.create(Schema.Type.LONG),
                Float.class, Schema.create(Schema.Type.FLOAT),
                Double.class, Schema.create(Schema.Type.DOUBLE),
                Boolean.class, Schema.create(Schema.Type.BOOLEAN));

        private static final Schema BYTES = Schema.create(Schema.Type.BYTES);

        @Override
        public Schema schemaOf(Object value) {
            if (value instanceof GenericContainer container) {
                return container.getSchema();
            }
            Schema primitive = value instanceof ByteBuffer ? BYTES : PRIMITIVES.get(value.getClass());
            if (primitive == null) {
                throw new AvroRuntimeException("cannot tell the Avro schema of a "
                        + value.getClass().getName()
                        + "; give a generic or generated record, or make the serde with reflect(...)");
            }
            return primitive;
        }

        @Override
        @SuppressWarnings("unchecked")
        public DatumWriter<Object> writer(Schema schema) {
            return data.createDatumWriter(schema);
        }

        @Override
        @SuppressWarnings("unchecked")
        public DatumReader<Object> reader(Schema writer) {
            return SchemaBounds.of(writer).isTame() ? data.createDatumReader(writer) : new CountingReader(writer);
        }
    }

    /** Hands each schema to the generated class of its name, if there is one; no other class can be named that way. */
    record ByName(ClassLoader loader, boolean readSpecific, Cache<String, DataModel> models) implements DataModel {
        private static final DataModel GENERIC = generic();

        @Override
        public Schema schemaOf(Object value) {
            return GENERIC.schemaOf(value);
        }

        @Override
        public DatumWriter<Object> writer(Schema schema) {
            return new EitherWriter(model(schema).writer(schema), GENERIC.writer(schema));
        }

        @Override
        public DatumReader<Object> reader(Schema writer) {
            return (readSpecific ? model(writer) : GENERIC).reader(writer);
        }

        private DataModel model(Schema schema) {
            if (schema.getType() != Schema.Type.RECORD) {
                return GENERIC;
            }
            String className = SpecificData.getClassName(schema);
            DataModel model = models.get(className);
            if (model == null) {
                model = find(className);
                models.put(className, model);
            }
            return model;
        }

        private DataModel find(String className) {
            try {
                Class<?> type = Class.forName(className, false, loader);
                return SpecificRecord.class.isAssignableFrom(type) ? specific(type) : GENERIC;
            } catch (ClassNotFoundException e) {
                return GENERIC;
            } catch (LinkageError e) {
                throw new AvroRuntimeException(
                        "the class " + className + " that the schema names is there, but cannot be" + " loaded: " + e,
                        e);
            }
        }
    }

    /** Writes generated and generic records of one schema. */
    record EitherWriter(DatumWriter<Object> specific, DatumWriter<Object> generic) implements DatumWriter<Object> {
        @Override
        public void setSchema(Schema schema) {
            specific.setSchema(schema);
            generic.setSchema(schema);
        }

        @Override
        public void write(Object datum, Encoder out) throws IOException {
            (datum instanceof SpecificRecord ? specific : generic).write(datum, out);
        }
    }
}
