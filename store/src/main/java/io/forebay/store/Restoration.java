package io.forebay.store;

import io.forebay.store.internal.streams.TaskContext;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * Restores from the changelog, and follows it in a standby. While records come in bulk they are collected into sets, each written in the
 * background while the next one is read. Few records at a time are a standby that is up to date, and are
 * written at once. Few after many are not: the last poll of what the broker has sent at once brings what was left of it.
 *
 * <p>Whoever wants to see the rows, or to change them, has them {@linkplain #settle settled} before. Thread-safe.
 */
final class Restoration<S extends ChangeSet> {

    /** What comes in bulk: half of what a poll of Kafka Streams' restore consumer brings at most, */
    static final int BULK_RECORDS = 500;

    /** or, where records are large, a quarter of what the broker sends at once. */
    private static final long BULK_BYTES = 256 << 10;

    /** Larger sets are not written faster, and the garbage collector has more to carry along. */
    private static final long SET_BYTES = 6 << 20;

    private final LongFunction<S> newSet;
    private final long maxSetBytes;
    private final WriteBehind writeBehind;

    /** What is collected, and the offset of its last record. */
    private @Nullable S collected;

    private long lastOffset;

    /** What the rows stand for when everything collected is written. Null before the first record. */
    private @Nullable Position reached;

    private volatile boolean pending;

    /** Whether the last records came in bulk, and nobody has had them settled since. */
    private boolean many;

    /** What is collected, and what is being written. */
    private final AtomicLong sizeBytes = new AtomicLong();

    /** @param maxSetBytes how much a set may take */
    Restoration(LongFunction<S> newSet, long maxSetBytes, WriteBehind writeBehind) {
        this.newSet = newSet;
        this.maxSetBytes = Math.min(maxSetBytes, SET_BYTES);
        this.writeBehind = writeBehind;
    }

    /** Writes a set with the changelog offset and the position that it stands for. */
    interface RowWriter<S> {
        void write(S set, long offset, Position position);
    }

    /** @param position what the rows stand for before */
    synchronized void restore(
            Collection<ConsumerRecord<byte[], byte[]>> records,
            Position position,
            StoreContents<S> contents,
            RowWriter<S> writer) {
        S set = collected == null ? newSet.apply(ChangeSet.UNNUMBERED) : collected;
        long sizeBefore = set.sizeBytes();
        Position after = reached == null ? position.copy() : reached;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            contents.restore(record, set);
            TaskContext.mergePosition(record, after);
            lastOffset = record.offset();
        }
        long grownBytes = set.sizeBytes() - sizeBefore;
        sizeBytes.addAndGet(grownBytes);
        collected = set;
        reached = after;
        pending = true;
        boolean manyBefore = many;
        many = records.size() >= BULK_RECORDS || grownBytes >= BULK_BYTES;
        if (!many && !manyBefore) {
            settle(writer);
        } else if (set.sizeBytes() > maxSetBytes) {
            submit(set, after, writer);
        }
    }

    /** Has everything restored in RocksDB. */
    void settle(RowWriter<S> writer) {
        if (pending) {
            settlePending(writer);
        }
    }

    private synchronized void settlePending(RowWriter<S> writer) {
        S set = collected;
        if (set != null && reached != null) {
            submit(set, reached, writer);
        }
        if (pending) {
            writeBehind.await();
            pending = false;
        }
        many = false;
    }

    private void submit(S set, Position position, RowWriter<S> writer) {
        collected = null;
        long offset = lastOffset;
        Position written = position.copy();
        writeBehind.submit(() -> {
            writer.write(set, offset, written);
            sizeBytes.addAndGet(-set.sizeBytes());
        });
    }

    /** The memory that is taken by what is not in RocksDB yet, in bytes, estimated. */
    long sizeBytes() {
        return sizeBytes.get();
    }

    /** Forgets what is not written. Nothing is under way. */
    synchronized void drop() {
        collected = null;
        reached = null;
        pending = false;
        many = false;
        sizeBytes.set(0);
    }
}
