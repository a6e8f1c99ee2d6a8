package io.forebay.serdes;

import io.forebay.serdes.catalog.SchemaCatalog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Avro's single-object encoding: the schema is named by its fingerprint, so no registry has to hand out numbers.
 *
 * <pre>
 *  0      1      2                              10
 * +------+------+------------------------------+----------- - -
 * | 0xC3 | 0x01 | CRC-64-AVRO, little endian   | record
 * +------+------+------------------------------+----------- - -
 * </pre>
 *
 * <p>The fingerprint is that of the parsing canonical form: defaults, documentation and aliases do not count, because
 * they make no difference to the bytes. Logical types do not count either, but make a difference to what the bytes mean;
 * so catalogs refuse a second schema of a fingerprint that differs in them, and readers compare theirs.
 */
final class SingleObjectFraming implements Framing {
    private static final short MAGIC = (short) 0xC301;
    private static final int HEADER_BYTES = 10;

    private final SchemaCatalog catalog;
    private final boolean ownsCatalog;
    private final Map<Long, Schema> own = new ConcurrentHashMap<>();

    /**
     * @param catalog where schemas of other programs are found
     * @param ownsCatalog whether to close the catalog with this
     */
    SingleObjectFraming(SchemaCatalog catalog, boolean ownsCatalog) {
        this.catalog = catalog;
        this.ownsCatalog = ownsCatalog;
    }

    /** Lets a reader find its own schema where nobody else has it. */
    @Override
    public void know(Schema schema) {
        own.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }

    @Override
    public int headerBytes() {
        return HEADER_BYTES;
    }

    @Override
    public Target target(String topic, Schema schema) {
        catalog.publish(schema);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .putShort(MAGIC)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
        return new Target(schema, header);
    }

    @Override
    public long schemaKey(byte[] bytes, int from) {
        ByteBuffer header = ByteBuffer.wrap(bytes, from, HEADER_BYTES);
        short magic = header.getShort();
        if (magic != MAGIC) {
            throw new AvroRuntimeException(String.format(
                    "not Avro's single-object encoding: begins with 0x%04x instead of 0x%04x", magic, MAGIC));
        }
        return header.order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The catalog is asked even if the reader's own schema has this fingerprint: the writer's may mean something else. */
    @Override
    public Schema schema(long fingerprint) {
        Schema schema = catalog.findByFingerprint(fingerprint);
        if (schema == null) {
            schema = own.get(fingerprint);
        }
        if (schema == null) {
            throw new AvroRuntimeException("no schema with this fingerprint in " + catalog.describe());
        }
        return schema;
    }

    @Override
    public String describe(long fingerprint) {
        return String.format("schema fingerprint=0x%016x", fingerprint);
    }

    @Override
    public void close() {
        if (ownsCatalog) {
            catalog.close();
        }
    }
}
