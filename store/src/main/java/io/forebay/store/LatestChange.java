package io.forebay.store;

import io.forebay.store.KnownKeys.Known;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A key with its newest row in a set. While the set is active, its writer puts newer rows in place of the one before; a reader takes
 * the row once, and keeps to it.
 */
final class LatestChange {

    private static final VarHandle ROW;

    static {
        try {
            ROW = MethodHandles.lookup().findVarHandle(LatestChange.class, "row", LatestRow.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The objects and the places in tables that each change takes, without the contents of its arrays. */
    private static final int OBJECTS_BYTES = 192;

    /** Where it stands with the changelog. */
    private enum Logging {
        NOT_YET,
        AHEAD,
        /** Replaced since it came: as it may be once more, it is not logged before the commit. */
        WHEN_SEALED
    }

    private final Bytes key;
    private @Nullable LatestRow row;

    /** StreamThread only. */
    private Logging logging = Logging.NOT_YET;

    /** Where the StreamThread finds it, while the set is active. */
    private @Nullable Known known;

    /** @param row its row, or null if it is to have none: its tombstone has expired */
    LatestChange(Bytes key, @Nullable LatestRow row) {
        this.key = key;
        this.row = row;
    }

    static LatestChange gone(Bytes key) {
        return new LatestChange(key, null);
    }

    /** The serialised key. */
    Bytes key() {
        return key;
    }

    @Nullable
    LatestRow row() {
        return (LatestRow) ROW.getAcquire(this);
    }

    /** Puts a newer row in its place. Writer only. */
    void replace(LatestRow newer) {
        logging = Logging.WHEN_SEALED;
        ROW.setRelease(this, newer);
    }

    /** The key and the row of this moment, which stay as they are. */
    LatestChange frozen() {
        return new LatestChange(key, row());
    }

    /** Whether the key has a value. */
    boolean isLive() {
        LatestRow current = row();
        return current != null && !current.tombstone();
    }

    /** The memory it takes in a set, in bytes, estimated. */
    int sizeBytes() {
        LatestRow current = row();
        return OBJECTS_BYTES + key.get().length + (current == null ? 0 : current.sizeBytes());
    }

    /** Whether it may be logged ahead: it has been put once, and not been logged. StreamThread only. */
    boolean isFresh() {
        return logging == Logging.NOT_YET;
    }

    /** Whether the changelog has what it says now. StreamThread only. */
    boolean isLogged() {
        return logging == Logging.AHEAD;
    }

    /** The changelog has what it says now. StreamThread only. */
    void logged() {
        logging = Logging.AHEAD;
    }

    /** StreamThread only. */
    void foundBy(Known by) {
        known = by;
    }

    /** Nobody puts a newer row in its place any more. StreamThread only. */
    void seal() {
        if (known != null) {
            known.leaveChange(this);
            known = null;
        }
    }
}
