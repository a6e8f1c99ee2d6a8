package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/** Walks the positions of all events of a snapshot, the oldest first. One step for each event. */
final class OldestEvents {

    private final StoreSnapshot snapshot;
    private final List<byte[]> inMemory;
    private final RocksIterator onDisk;
    private int next;

    /** @param before only events below this position, or all if it is null */
    OldestEvents(StoreSnapshot snapshot, byte @Nullable [] before) {
        this.snapshot = snapshot;
        this.inMemory = positions(snapshot, before);
        this.onDisk = snapshot.disk().iterator(Table.EVENTS);
        onDisk.seek(snapshot.floor().position());
    }

    private static List<byte[]> positions(StoreSnapshot snapshot, byte @Nullable [] before) {
        List<byte[]> positions = new ArrayList<>();
        for (Entry entry : snapshot.memory().visible()) {
            EventRow event = snapshot.live(entry);
            if (event != null) {
                byte[] position = event.position();
                if (before == null || Arrays.compareUnsigned(position, before) < 0) {
                    positions.add(position);
                }
            }
        }
        positions.sort(Arrays::compareUnsigned);
        return positions;
    }

    /** How many events are below a position. */
    long countBelow(byte[] position) {
        long count = 0;
        for (byte[] at = nextPosition(); at != null && Arrays.compareUnsigned(at, position) < 0; at = nextPosition()) {
            count++;
        }
        return count;
    }

    /** The position of the event that has this many before it; null if there are fewer. */
    byte @Nullable [] positionAfter(long count) {
        byte[] position = nextPosition();
        for (long i = 0; i < count && position != null; i++) {
            position = nextPosition();
        }
        return position;
    }

    private byte @Nullable [] nextPosition() {
        byte[] stored = nextOnDisk();
        byte[] pending = next < inMemory.size() ? inMemory.get(next) : null;
        if (pending != null && (stored == null || Arrays.compareUnsigned(pending, stored) < 0)) {
            next++;
            return pending;
        }
        if (stored != null) {
            onDisk.next();
        }
        return stored;
    }

    private byte @Nullable [] nextOnDisk() {
        while (onDisk.isValid()) {
            byte[] position = onDisk.key();
            if (!snapshot.hides(position)) {
                return position;
            }
            onDisk.next();
        }
        snapshot.disk().check(onDisk);
        return null;
    }
}
