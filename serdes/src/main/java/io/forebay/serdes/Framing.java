package io.forebay.serdes;

import org.apache.avro.Schema;

/**
 * What stands before the record in the bytes and leads to the schema it was written with.
 *
 * <p>Thread-safe. Finding a schema may block on the network; callers keep what they found.
 */
interface Framing extends AutoCloseable {
    /** Lets readers find {@code schema} even if nobody published it, where its key can be told from the schema alone. */
    default void know(Schema schema) {}

    /** How many bytes stand before the record. */
    int headerBytes();

    /**
     * Makes {@code schema} known to readers of {@code topic} and says how to write with it.
     *
     * @throws RuntimeException if the schema cannot be made known
     */
    Target target(String topic, Schema schema);

    /** Whether {@link #target} may answer differently next time, so that it has to be asked for every record. */
    default boolean targetsChange() {
        return false;
    }

    /**
     * The key of the writer's schema, from the {@link #headerBytes} bytes of header that begin at {@code from}.
     *
     * @throws org.apache.avro.AvroRuntimeException if the header is not this framing's
     */
    long schemaKey(byte[] bytes, int from);

    /**
     * The schema of a key.
     *
     * @throws RuntimeException if there is none
     */
    Schema schema(long schemaKey);

    /** A key as humans know it, for example {@code schema id=7}. */
    String describe(long schemaKey);

    @Override
    void close();

    /**
     * What to write.
     *
     * @param schema the schema to write with, usually the record's own
     * @param header what to write before the record; never changed
     */
    record Target(Schema schema, byte[] header) {}
}
