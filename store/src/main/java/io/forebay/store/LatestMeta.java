package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a latest store persists about itself beyond {@link StoreMeta}. */
final class LatestMeta {

    private static final byte[] MARKER = "emitted".getBytes(StandardCharsets.UTF_8);
    private static final byte[] STREAM_TIME = "stream-time".getBytes(StandardCharsets.UTF_8);

    private final EventDatabase database;

    LatestMeta(EventDatabase database) {
        this.database = database;
    }

    /** Up to which epoch everything is emitted; see {@link Outbox}. */
    long marker() {
        return get(MARKER, 0);
    }

    void putMarker(RowBatch batch, long epoch) {
        put(batch, MARKER, epoch);
    }

    /** The newest timestamp there has been, in milliseconds, or the smallest number there is. */
    long streamTimeMs() {
        return get(STREAM_TIME, Long.MIN_VALUE);
    }

    void putStreamTimeMs(RowBatch batch, long timeMs) {
        put(batch, STREAM_TIME, timeMs);
    }

    private long get(byte[] key, long ifAbsent) {
        byte[] bytes = database.get(Table.META, key);
        return bytes == null ? ifAbsent : ByteBuffer.wrap(bytes).getLong();
    }

    private static void put(RowBatch batch, byte[] key, long value) {
        batch.put(
                Table.META, key, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }
}
