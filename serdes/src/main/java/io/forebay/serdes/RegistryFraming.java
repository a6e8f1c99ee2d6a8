package io.forebay.serdes;

import io.forebay.serdes.registry.RegisteredSchema;
import io.forebay.serdes.registry.SchemaRegistry;
import io.forebay.serdes.registry.SubjectNameStrategy;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Confluent's wire format: a registry has given the schema a number.
 *
 * <pre>
 *  0      1                         5
 * +------+-------------------------+----------- - -
 * | 0x00 | schema id, big endian   | record
 * +------+-------------------------+----------- - -
 * </pre>
 *
 * @param registry where the numbers come from
 * @param ownsRegistry whether to close the registry with this
 * @param isKey whether records are keys
 * @param subjects under which name schemas are registered
 * @param policy how the schema of a record gets its number
 */
record RegistryFraming(
        SchemaRegistry registry, boolean ownsRegistry, boolean isKey, SubjectNameStrategy subjects, Policy policy)
        implements Framing {

    enum Policy {
        /** The record's schema is registered if it is new. */
        AUTO_REGISTER,
        /** The record's schema must be registered already. */
        LOOK_UP,
        /** The newest registered schema is used, whatever the record's own is. */
        LATEST
    }

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;

    @Override
    public int headerBytes() {
        return HEADER_BYTES;
    }

    @Override
    public Target target(String topic, Schema schema) {
        String subject = subjects.subject(topic, isKey, schema);
        return switch (policy) {
            case AUTO_REGISTER -> new Target(schema, header(registry.register(subject, schema)));
            case LOOK_UP -> new Target(schema, header(registry.idOf(subject, schema)));
            case LATEST -> {
                RegisteredSchema latest = registry.latest(subject);
                yield new Target(latest.schema(), header(latest.id()));
            }
        };
    }

    @Override
    public boolean targetsChange() {
        return policy == Policy.LATEST;
    }

    private static byte[] header(int id) {
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(id).array();
    }

    @Override
    public long schemaKey(byte[] bytes, int from) {
        if (bytes[from] != MAGIC) {
            throw new AvroRuntimeException(String.format(
                    "not the wire format of a schema registry: begins with 0x%02x instead of 0x00", bytes[from]));
        }
        return ByteBuffer.wrap(bytes, from + 1, Integer.BYTES).getInt();
    }

    @Override
    public Schema schema(long id) {
        return registry.schema((int) id);
    }

    @Override
    public String describe(long id) {
        return "schema id=" + id;
    }

    @Override
    public void close() {
        if (ownsRegistry) {
            registry.close();
        }
    }
}
