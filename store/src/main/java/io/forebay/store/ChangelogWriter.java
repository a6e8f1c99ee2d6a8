package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.TaskContext;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/** Writes one set of changes to the changelog of a store. Belongs to the StreamThread. */
final class ChangelogWriter {

    private final String store;
    private final TaskContext task;
    private final CrashPoints crashPoints;
    private final Position position;
    private final long nowMs;

    /** @param position what the store has seen when the last record of the set is in the changelog */
    ChangelogWriter(String store, TaskContext task, CrashPoints crashPoints, Position position) {
        this.store = store;
        this.task = task;
        this.crashPoints = crashPoints;
        this.position = position;
        this.nowMs = task.currentSystemTimeMs();
    }

    /** The wall clock of the task, in milliseconds since the epoch. */
    long nowMs() {
        return nowMs;
    }

    /**
     * Writes one record. The broker refuses timestamps too far in the future, and negative ones, so that the record gets the nearest one
     * that it takes.
     *
     * @param last whether it is the last one of the set
     */
    void log(byte[] key, byte @Nullable [] value, long timestampMs, boolean last) {
        crashPoints.reached(Moment.LOGGING);
        task.log(store, key, value, Math.max(0, Math.min(nowMs, timestampMs)), last ? position : null);
    }
}
