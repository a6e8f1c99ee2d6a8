package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Memory and disk at one moment. The sets in memory are taken first, then RocksDB's snapshot, then the sets once more: if the
 * store has moved a set in between (it does around commits), both are taken again. In memory an id hides what disk has of it.
 *
 * <p>Belongs to one thread.
 */
final class StoreSnapshot implements AutoCloseable {

    private final UncommittedEvents memory;
    private final DatabaseSnapshot disk;
    private final StoreMeta.Contents contents;
    private final Floor diskFloor;
    private final Floor floor;

    private StoreSnapshot(UncommittedEvents view, DatabaseSnapshot disk) {
        this.disk = disk;
        this.contents = StoreMeta.contents(disk);
        this.memory = view.beyond(contents.setNumber());
        this.diskFloor = StoreMeta.floor(disk);
        Floor raised = memory.floor();
        this.floor = raised == null ? diskFloor : raised;
    }

    static StoreSnapshot of(
            Supplier<Uncommitted<WriteSet>> uncommitted, EventDatabase database, IsolationLevel isolation) {
        while (true) {
            Uncommitted<WriteSet> before = uncommitted.get();
            UncommittedEvents view =
                    UncommittedEvents.of(isolation == IsolationLevel.READ_COMMITTED ? before.committed() : before);
            DatabaseSnapshot disk = database.snapshot();
            try {
                if (uncommitted.get() == before) {
                    return new StoreSnapshot(view, disk);
                }
            } catch (RuntimeException e) {
                disk.close();
                throw e;
            }
            disk.close();
        }
    }

    UncommittedEvents memory() {
        return memory;
    }

    DatabaseSnapshot disk() {
        return disk;
    }

    /** Below it nothing is to be seen, neither in memory nor on disk. */
    Floor floor() {
        return floor;
    }

    /** The number of events on disk. */
    long eventsOnDisk() {
        return contents.events();
    }

    /** The floor that held when the first entry came into a set. */
    Floor floorBefore(WriteSet set) {
        Floor raised = memory.olderFloor(set);
        return raised == null ? diskFloor : raised;
    }

    /** Whether the store had an event of this id, above a floor, when the first entry came into a set. */
    boolean existedBefore(WriteSet set, Bytes id, Floor current) {
        Entry entry = memory.getOlder(id, set);
        if (entry != null) {
            return entry.liveAbove(current) != null;
        }
        byte[] timestamp = disk.find(Table.IDS, id.get());
        return timestamp != null && !current.hides(Rows.timestampOf(timestamp), id.get());
    }

    boolean contains(Bytes id) {
        Entry entry = memory.get(id);
        return entry == null ? timestampOnDisk(id) != null : live(entry) != null;
    }

    /** The timestamp row of an event that is on disk and not below the floor, or null; memory may know better. */
    byte @Nullable [] timestampOnDisk(Bytes id) {
        byte[] timestamp = disk.get(Table.IDS, id.get());
        return timestamp == null || floor.hides(Rows.timestampOf(timestamp), id.get()) ? null : timestamp;
    }

    /** Whether what disk has at a position is not to be seen. */
    boolean hides(byte[] position) {
        return floor.hides(position) || memory.hides(position);
    }

    /** The event that an entry in memory stands for, or null if it is deleted or below the floor. */
    @Nullable
    EventRow live(Entry entry) {
        return entry.liveAbove(floor);
    }

    /** The live events in memory. */
    List<EventRow> events() {
        List<EventRow> events = new ArrayList<>();
        for (Entry entry : memory.visible()) {
            EventRow event = live(entry);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    /** The payloads that disk has for these ids, by id, whatever memory knows better; two point reads for each. */
    Map<String, byte[]> payloadsOnDisk(List<String> ids) {
        List<byte[]> keys = ids.stream().map(EventCodec::idBytes).toList();
        List<byte @Nullable []> timestamps = disk.getAll(Table.IDS, keys);
        List<String> found = new ArrayList<>();
        List<byte[]> positions = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            byte[] timestamp = timestamps.get(i);
            if (timestamp != null && !floor.hides(Rows.timestampOf(timestamp), keys.get(i))) {
                found.add(ids.get(i));
                positions.add(Rows.concat(timestamp, keys.get(i)));
            }
        }
        List<byte @Nullable []> payloads = disk.getAll(Table.EVENTS, positions);
        Map<String, byte[]> byId = new HashMap<>();
        for (int i = 0; i < found.size(); i++) {
            byId.put(found.get(i), Objects.requireNonNull(payloads.get(i), "an id has an event"));
        }
        return byId;
    }

    @Override
    public void close() {
        disk.close();
    }
}
