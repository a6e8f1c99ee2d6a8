package io.forebay.serdes.registry;

import java.util.List;
import org.apache.avro.Schema;

/**
 * Schemas by id and by subject. Implementations are thread-safe; calls may block on the network.
 *
 * <p>All methods throw {@link SchemaRegistryException} or one of its kinds: {@link RegistryUnavailableException} if no
 * registry answers, {@link UnknownSubjectException}, {@link UnknownSchemaException}, {@link IncompatibleSchemaException}.
 */
public interface SchemaRegistry extends AutoCloseable {
    /**
     * Registers a schema as the next version of a subject, or finds it among its versions.
     *
     * @return the schema's id
     * @throws IncompatibleSchemaException if the subject's compatibility rule refuses it
     */
    default int register(String subject, Schema schema) {
        return register(subject, schema, List.of());
    }

    /**
     * Registers a schema whose text leaves out named types that other subjects define.
     *
     * @param schema the complete schema; types named by {@code references} are left out of what is registered
     * @param references where those types are
     * @return the schema's id
     * @throws IncompatibleSchemaException if the subject's compatibility rule refuses it
     */
    int register(String subject, Schema schema, List<SchemaReference> references);

    /**
     * The id of a schema that is registered already.
     *
     * @throws UnknownSubjectException if there is no such subject
     * @throws UnknownSchemaException if the subject has no such version
     */
    int idOf(String subject, Schema schema);

    /**
     * The schema of an id, complete with the types it references.
     *
     * @throws UnknownSchemaException if there is no such id
     */
    Schema schema(int id);

    /**
     * The newest version of a subject.
     *
     * @throws UnknownSubjectException if there is no such subject
     */
    RegisteredSchema latest(String subject);

    /** Releases connections. Idempotent. */
    @Override
    default void close() {}
}
