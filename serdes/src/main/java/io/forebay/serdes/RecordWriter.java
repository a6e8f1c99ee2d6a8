package io.forebay.serdes;

import io.forebay.serdes.internal.LogicalTypeCheck;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Encoder;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Turns records into bytes, for one thread. Remembers what it found out about each topic and schema. */
final class RecordWriter {
    private final DataModel model;
    private final Framing framing;
    private final int maxPlans;
    private final ArrayEncoder encoder = new ArrayEncoder();
    private final Map<Key, Plan> plans = new HashMap<>();
    private @Nullable Plan last;

    RecordWriter(DataModel model, Framing framing, int maxCachedSchemas) {
        this.maxPlans = maxCachedSchemas;
        this.model = model;
        this.framing = framing;
    }

    byte[] write(String topic, Object value) {
        try {
            Plan plan = plan(topic, model.schemaOf(value));
            encoder.reset(plan.header);
            plan.writer.write(value, encoder);
            return encoder.toByteArray();
        } catch (InterruptException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new SerializationException("Cannot serialize for topic=" + topic + ": " + Reasons.of(e), e);
        } catch (StackOverflowError e) {
            throw new SerializationException(
                    "Cannot serialize for topic=" + topic + ": the record is nested too deeply, or contains itself", e);
        }
    }

    private Plan plan(String topic, Schema schema) {
        Plan plan = last;
        if (plan == null || plan.key.schema != schema || !plan.key.topic.equals(topic)) {
            Key key = new Key(topic, schema);
            plan = plans.get(key);
            if (plan == null) {
                plan = keep(prepare(key, framing.target(topic, schema)));
            }
            last = plan;
        }
        return framing.targetsChange() ? current(plan) : plan;
    }

    /** The plan, or a new one if the registry has a newer schema by now. */
    private Plan current(Plan plan) {
        Framing.Target target = framing.target(plan.key.topic, plan.key.schema);
        if (Arrays.equals(target.header(), plan.header)) {
            return plan;
        }
        Plan newer = keep(prepare(plan.key, target));
        last = newer;
        return newer;
    }

    private Plan keep(Plan plan) {
        if (plans.size() >= maxPlans) {
            plans.clear();
        }
        plans.put(plan.key, plan);
        return plan;
    }

    private Plan prepare(Key key, Framing.Target target) {
        DatumWriter<Object> writer = model.writer(key.schema);
        if (!sameBytes(key.schema, target.schema())) {
            SchemaBounds.of(target.schema());
            writer = new TranscodingWriter(writer, key.schema, target.schema());
        }
        return new Plan(key, target.header(), writer);
    }

    private static boolean sameBytes(Schema own, Schema dictated) {
        if (own.equals(dictated)) {
            return true;
        }
        LogicalTypeCheck.requireReadable(dictated, own);
        return SchemaNormalization.parsingFingerprint64(own) == SchemaNormalization.parsingFingerprint64(dictated);
    }

    private record Key(String topic, Schema schema) {}

    /** How records of one schema are written to one topic. */
    private record Plan(Key key, byte[] header, DatumWriter<Object> writer) {}

    /**
     * Writes records of one schema in another, by name rather than by position: encodes, resolves, encodes again. Only
     * needed if a registry dictates the schema ({@code use.latest.version}) and it is not the program's own.
     */
    private static final class TranscodingWriter implements DatumWriter<Object> {
        private final DatumWriter<Object> from;
        private final GenericDatumReader<Object> resolver;
        private final DatumWriter<Object> to;
        private final ArrayEncoder buffer = new ArrayEncoder();
        private final ArrayDecoder decoder = new ArrayDecoder();

        TranscodingWriter(DatumWriter<Object> from, Schema own, Schema dictated) {
            this.from = from;
            this.resolver = new GenericDatumReader<>(own, dictated);
            this.to = new GenericDatumWriter<>(dictated);
        }

        @Override
        public void setSchema(Schema schema) {
            to.setSchema(schema);
        }

        @Override
        @SuppressWarnings("NullAway") // Avro takes null for "nothing to reuse"
        public void write(Object datum, Encoder out) throws IOException {
            buffer.reset(new byte[0]);
            from.write(datum, buffer);
            byte[] bytes = buffer.toByteArray();
            decoder.reset(bytes, 0, bytes.length);
            to.write(resolver.read(null, decoder), out);
        }
    }
}
