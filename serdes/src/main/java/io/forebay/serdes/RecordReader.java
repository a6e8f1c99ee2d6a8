package io.forebay.serdes;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.DatumReader;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Turns bytes into records, for one thread. Remembers a resolved reader for each writer's schema. */
final class RecordReader {
    private final DataModel model;
    private final Framing framing;
    private final int maxReaders;
    private final ArrayDecoder decoder = new ArrayDecoder();
    private final Map<Long, DatumReader<Object>> readers = new HashMap<>();
    private long lastKey;
    private @Nullable DatumReader<Object> last;

    RecordReader(DataModel model, Framing framing, int maxCachedSchemas) {
        this.maxReaders = maxCachedSchemas;
        this.model = model;
        this.framing = framing;
    }

    /** Reads the record in {@code bytes[from, to)}. */
    Object read(String topic, byte[] bytes, int from, int to) {
        long key = schemaKey(topic, bytes, from, to);
        try {
            DatumReader<Object> reader = key == lastKey && last != null ? last : reader(key);
            decoder.reset(bytes, from + framing.headerBytes(), to);
            Object value = readFrom(reader);
            decoder.expectEnd();
            return value;
        } catch (InterruptException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw failure(topic, ", " + framing.describe(key), Reasons.of(e), e);
        } catch (StackOverflowError e) {
            throw failure(topic, ", " + framing.describe(key), "the record is nested too deeply", e);
        } finally {
            decoder.clear();
        }
    }

    private long schemaKey(String topic, byte[] bytes, int from, int to) {
        int headerBytes = framing.headerBytes();
        if (to - from < headerBytes) {
            String reason = "only " + (to - from) + " bytes, less than the header of " + headerBytes + " bytes";
            throw failure(topic, "", reason, null);
        }
        try {
            return framing.schemaKey(bytes, from);
        } catch (AvroRuntimeException e) {
            throw failure(topic, "", Reasons.of(e), e);
        }
    }

    private DatumReader<Object> reader(long key) {
        DatumReader<Object> reader = readers.get(key);
        if (reader == null) {
            reader = model.reader(framing.schema(key));
            if (readers.size() >= maxReaders) {
                readers.clear();
            }
            readers.put(key, reader);
        }
        last = reader;
        lastKey = key;
        return reader;
    }

    @SuppressWarnings("NullAway") // Avro takes null for "nothing to reuse"
    private Object readFrom(DatumReader<Object> reader) throws IOException {
        return reader.read(null, decoder);
    }

    private static SerializationException failure(
            String topic, String schema, String reason, @Nullable Throwable cause) {
        return new SerializationException("Cannot deserialize from topic=" + topic + schema + ": " + reason, cause);
    }
}
