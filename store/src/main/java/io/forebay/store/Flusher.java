package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
import java.util.function.Supplier;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * Has sets written to RocksDB, and lets go of them when they are there.
 *
 * <p>Belongs to the StreamThread, but for {@link #write}: whoever restores writes as well, one thread at a time.
 */
final class Flusher<S extends ChangeSet> {

    private final StoreCore core;
    private final UncommittedSets<S> sets;
    private final StoreContents<S> contents;
    private final WriteBehind writeBehind;
    private final CrashPoints crashPoints;

    Flusher(
            StoreCore core,
            UncommittedSets<S> sets,
            StoreContents<S> contents,
            WriteBehind writeBehind,
            CrashPoints crashPoints) {
        this.core = core;
        this.sets = sets;
        this.contents = contents;
        this.writeBehind = writeBehind;
        this.crashPoints = crashPoints;
    }

    /** Whether everything that was to be written is, or has failed. */
    boolean isIdle() {
        return writeBehind.isIdle();
    }

    /**
     * Writes the sealed set, which is known to be committed, in the background, when the one before it is written.
     *
     * @param offset the changelog offset it stands for, or null to leave it as it is
     */
    void flushSealed(S sealed, @Nullable Long offset) {
        writeBehind.await();
        sets.committed();
        writeBehind.submit(() -> flush(sealed, offset), this::tidySlice);
    }

    /** Seals the active set and writes it, now. */
    void flushActive(Position position) {
        writeBehind.await();
        flush(sets.sealForWriting(position), null);
        writeBehind.submit(() -> {}, this::tidySlice);
    }

    private void flush(S set, @Nullable Long offset) {
        crashPoints.reached(Moment.WRITING);
        write(set, offset, set.position());
        crashPoints.reached(Moment.WRITTEN);
        sets.written(set);
    }

    /**
     * Writes that the rows stand for an offset, now.
     *
     * @param known what is to be noted with it; asked when nothing is being written
     */
    void noteOffset(long offset, Supplier<S> known) {
        writeBehind.await();
        write(known.get(), offset, null);
    }

    /** The rows stand for no offset any more. */
    void forgetOffset() {
        writeBehind.await();
        core.meta().removeOffset();
    }

    /**
     * Writes a set, and measures how long that takes.
     *
     * @param offset the changelog offset it stands for, or null to leave it as it is
     * @param position what has been put into the store with it, or null to leave it as it is
     */
    void write(S set, @Nullable Long offset, @Nullable Position position) {
        long startNanos = System.nanoTime();
        long rowsBefore = core.database().rowsWritten();
        contents.write(set, offset, position);
        core.metrics()
                .recordFlush(System.nanoTime() - startNanos, core.database().rowsWritten() - rowsBefore);
    }

    private boolean tidySlice() {
        long rowsBefore = core.database().rowsWritten();
        boolean more = contents.tidySlice();
        core.metrics().recordRows(core.database().rowsWritten() - rowsBefore);
        return more;
    }
}
