package io.forebay.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Memory and disk of a latest store at one moment: the sets are taken first, then RocksDB's snapshot, then the sets once more; if the
 * store has moved a set in between, both are taken again. Each key is in it as it was at some moment while the snapshot was taken. In
 * memory a key hides what disk has of it.
 *
 * <p>Belongs to one thread.
 */
final class LatestSnapshot implements AutoCloseable {

    private final Map<Bytes, LatestChange> memory;
    private final DatabaseSnapshot disk;

    private LatestSnapshot(Map<Bytes, LatestChange> memory, DatabaseSnapshot disk) {
        this.memory = memory;
        this.disk = disk;
    }

    static LatestSnapshot of(
            Supplier<Uncommitted<LatestSet>> uncommitted, EventDatabase database, IsolationLevel isolation) {
        while (true) {
            Uncommitted<LatestSet> before = uncommitted.get();
            Map<Bytes, LatestChange> memory =
                    changes(isolation == IsolationLevel.READ_COMMITTED ? before.committed() : before);
            DatabaseSnapshot disk = database.snapshot();
            if (uncommitted.get() == before) {
                return new LatestSnapshot(memory, disk);
            }
            disk.close();
        }
    }

    private static Map<Bytes, LatestChange> changes(Uncommitted<LatestSet> sets) {
        Map<Bytes, LatestChange> changes = new HashMap<>();
        for (LatestSet set : newestFirst(sets)) {
            for (LatestChange change : set.changes()) {
                changes.computeIfAbsent(change.key(), key -> change.frozen());
            }
        }
        return changes;
    }

    /** The sets, the newest first. */
    static List<LatestSet> newestFirst(Uncommitted<LatestSet> sets) {
        List<LatestSet> newestFirst = new ArrayList<>(Uncommitted.SETS);
        newestFirst.add(sets.active());
        if (sets.sealed() != null) {
            newestFirst.add(sets.sealed());
        }
        if (sets.writing() != null) {
            newestFirst.add(sets.writing());
        }
        return newestFirst;
    }

    /** The newest change of a key in memory, or null if there is none. O(1). */
    static @Nullable LatestChange newest(Uncommitted<LatestSet> sets, Bytes key) {
        LatestChange change = sets.active().get(key);
        LatestSet sealed = sets.sealed();
        LatestSet writing = sets.writing();
        if (change == null && sealed != null) {
            change = sealed.get(key);
        }
        if (change == null && writing != null) {
            change = writing.get(key);
        }
        return change;
    }

    /** The changes in memory that wait in the outbox: of each key the newest. StreamThread only. */
    static List<LatestChange> pending(Uncommitted<LatestSet> sets) {
        LatestSet active = sets.active();
        List<LatestChange> pending = new ArrayList<>(active.pending());
        for (LatestSet set : newestFirst(sets)) {
            for (LatestChange change : set == active ? List.<LatestChange>of() : set.pending()) {
                if (newest(sets, change.key()) == change) {
                    pending.add(change);
                }
            }
        }
        return pending;
    }

    /** What memory has, by key; rows that stay as they are. */
    Map<Bytes, LatestChange> memory() {
        return memory;
    }

    DatabaseSnapshot disk() {
        return disk;
    }

    @Override
    public void close() {
        disk.close();
    }
}
