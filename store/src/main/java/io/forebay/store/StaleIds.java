package io.forebay.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Ids of events below the floor, on their way from the {@link Sweeper} to the StreamThread, which deletes them once more: compaction keeps
 * the last record of each id for ever, unless it is a tombstone. Their rows stay until those deletes are committed and
 * written, so that the sweeper finds again what a crash takes from here.
 *
 * <p>Thread-safe.
 */
final class StaleIds {

    private static final int OVERHEAD_BYTES = 64;

    private final long maxBytes;
    private final Queue<byte[]> ids = new ArrayDeque<>();
    private long bytes;

    StaleIds(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds an id, if there is room. */
    synchronized boolean offer(byte[] id) {
        if (bytes >= maxBytes) {
            return false;
        }
        ids.add(id);
        bytes += sizeBytes(id);
        return true;
    }

    /** Takes out up to so many. */
    synchronized List<byte[]> take(int most) {
        List<byte[]> taken = new ArrayList<>(Math.min(most, ids.size()));
        while (taken.size() < most && !ids.isEmpty()) {
            byte[] id = ids.remove();
            bytes -= sizeBytes(id);
            taken.add(id);
        }
        return taken;
    }

    private static long sizeBytes(byte[] id) {
        return OVERHEAD_BYTES + id.length;
    }
}
