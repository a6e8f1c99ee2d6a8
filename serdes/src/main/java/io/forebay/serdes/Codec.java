package io.forebay.serdes;

import org.jspecify.annotations.Nullable;

/**
 * A data model and a framing, and for each thread a writer and a reader. The only thing threads share is what the
 * framing keeps of the registry, so the hot path takes no locks.
 */
final class Codec implements AutoCloseable {
    private final Framing framing;
    private final ThreadLocal<RecordWriter> writers;
    private final ThreadLocal<RecordReader> readers;

    /**
     * @param maxCachedSchemas how many schemas each thread keeps ready to write, and to read
     */
    Codec(DataModel model, Framing framing, int maxCachedSchemas) {
        this.framing = framing;
        this.writers = ThreadLocal.withInitial(() -> new RecordWriter(model, framing, maxCachedSchemas));
        this.readers = ThreadLocal.withInitial(() -> new RecordReader(model, framing, maxCachedSchemas));
        if (model instanceof DataModel.OneSchema one) {
            framing.know(one.schema());
        }
    }

    byte[] write(String topic, Object value) {
        return writers.get().write(topic, value);
    }

    Object read(String topic, byte[] bytes, int from, int to) {
        return readers.get().read(topic, bytes, from, to);
    }

    @Override
    public void close() {
        framing.close();
    }

    /** Closes {@code former}, whose connections nobody would close otherwise. */
    static Codec replace(@Nullable Codec former, Codec latter) {
        if (former != null) {
            former.close();
        }
        return latter;
    }

    /** Refuses use before Kafka, or the program, has configured the serde. */
    static Codec require(@Nullable Codec codec, Object user) {
        if (codec == null) {
            throw new IllegalStateException(user.getClass().getSimpleName()
                    + " is not configured: call configure(configs, isKey), or make it with AvroSerdes");
        }
        return codec;
    }
}
