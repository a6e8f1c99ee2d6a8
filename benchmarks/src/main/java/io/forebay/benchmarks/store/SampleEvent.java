package io.forebay.benchmarks.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * An event of 120 bytes with a serde that costs next to nothing, so that the stores are measured and not Avro: the timestamp,
 * then each text with its length in front.
 */
record SampleEvent(
        String id,
        long timestampNanos,
        String process,
        String module,
        String function,
        String correlation,
        String user,
        String detail) {

    static final int BYTES = 120;
    private static final int TEXTS = 7;

    /** How long the detail has to be for the whole to have its size. */
    static int detailLength(String... otherTexts) {
        int used = Long.BYTES + TEXTS;
        for (String text : otherTexts) {
            used += text.length();
        }
        return BYTES - used;
    }

    static Serde<SampleEvent> serde() {
        return Serdes.serdeFrom((topic, event) -> event.write(), (topic, bytes) -> bytes == null ? null : read(bytes));
    }

    private byte[] write() {
        ByteBuffer out = ByteBuffer.allocate(BYTES).putLong(timestampNanos);
        write(id, out);
        write(process, out);
        write(module, out);
        write(function, out);
        write(correlation, out);
        write(user, out);
        write(detail, out);
        return out.array();
    }

    private static void write(String text, ByteBuffer out) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.put((byte) bytes.length).put(bytes);
    }

    private static SampleEvent read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long timestampNanos = in.getLong();
        return new SampleEvent(text(in), timestampNanos, text(in), text(in), text(in), text(in), text(in), text(in));
    }

    private static String text(ByteBuffer in) {
        int length = in.get();
        String text = new String(in.array(), in.position(), length, StandardCharsets.ISO_8859_1);
        in.position(in.position() + length);
        return text;
    }
}
