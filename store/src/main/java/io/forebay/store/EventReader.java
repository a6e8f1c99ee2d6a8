package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from what is on disk merged with what is not yet, each from one {@link StoreSnapshot}.
 *
 * <p>Thread-safe.
 */
final class EventReader<E> {

    private final EventCodec<E> codec;
    private final EventDatabase database;
    private final Supplier<Uncommitted<WriteSet>> uncommitted;
    private final Runnable requireOpen;

    /**
     * @param requireOpen called again and again by what takes long; throws when the store is about to close
     */
    EventReader(
            EventCodec<E> codec,
            EventDatabase database,
            Supplier<Uncommitted<WriteSet>> uncommitted,
            Runnable requireOpen) {
        this.codec = codec;
        this.database = database;
        this.uncommitted = uncommitted;
        this.requireOpen = requireOpen;
    }

    Optional<E> get(EventByIdQuery<E> query) {
        Bytes id = Bytes.wrap(EventCodec.idBytes(query.id()));
        try (StoreSnapshot snapshot = snapshot(query.isolation())) {
            Entry entry = snapshot.memory().get(id);
            if (entry != null) {
                return Optional.<EventRow>ofNullable(snapshot.live(entry))
                        .map(event -> codec.deserialize(event.payload()));
            }
            byte[] timestamp = snapshot.timestampOnDisk(id);
            if (timestamp == null) {
                return Optional.empty();
            }
            byte[] payload = snapshot.disk().get(Table.EVENTS, Rows.concat(timestamp, id.get()));
            return Optional.ofNullable(payload).map(codec::deserialize);
        }
    }

    boolean contains(String id) {
        Bytes key = Bytes.wrap(EventCodec.idBytes(id));
        try (StoreSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED)) {
            return snapshot.contains(key);
        }
    }

    Map<String, E> getAll(EventsByIdsQuery<E> query) {
        try (StoreSnapshot snapshot = snapshot(query.isolation())) {
            Map<String, byte[]> payloads = payloads(new LinkedHashSet<>(query.ids()), snapshot);
            Map<String, E> events = new LinkedHashMap<>();
            for (String id : query.ids()) {
                byte[] payload = payloads.remove(id); // once, however often it is asked for
                if (payload != null) {
                    events.put(id, codec.deserialize(payload));
                }
            }
            return events;
        }
    }

    private static Map<String, byte[]> payloads(Set<String> ids, StoreSnapshot snapshot) {
        Map<String, byte[]> inMemory = new HashMap<>();
        List<String> onDisk = new ArrayList<>();
        for (String id : ids) {
            Entry entry = snapshot.memory().get(Bytes.wrap(EventCodec.idBytes(id)));
            EventRow event = entry == null ? null : snapshot.live(entry);
            if (entry == null) {
                onDisk.add(id);
            } else if (event != null) {
                inMemory.put(id, event.payload());
            }
        }
        inMemory.putAll(snapshot.payloadsOnDisk(onDisk));
        return inMemory;
    }

    EventPage<E> query(EventQuery<E> query) {
        try (Scan<E> scan = scan(query)) {
            List<E> events = new ArrayList<>();
            String next = null;
            while (scan.advance()) {
                events.add(scan.element());
                if (events.size() == query.limit()) {
                    byte[] last = scan.position();
                    next = scan.advance() ? PageToken.after(query, last) : null;
                    break;
                }
            }
            return new EventPage<>(events, next);
        }
    }

    long count(EventQuery<E> query) {
        try (Scan<E> scan = scan(query)) {
            long count = 0;
            while (scan.advance()) {
                count++;
            }
            return count;
        }
    }

    List<Object> values(EventValuesQuery query) {
        ValuesPlan plan = codec.valuesPlan(query);
        try (StoreSnapshot snapshot = snapshot(query.isolation())) {
            return new DistinctValues(snapshot, plan, requireOpen).find();
        }
    }

    /** All that a query asks for, whatever its limit; to be closed. */
    Scan<E> scan(EventQuery<E> query) {
        QueryPlan<E> plan = new QueryPlan<>(query, codec);
        StoreSnapshot snapshot = snapshot(query.isolation());
        try {
            return new Scan<>(snapshot, codec, plan, requireOpen);
        } catch (RuntimeException e) {
            snapshot.close();
            throw e;
        }
    }

    EventStoreStats stats(long late) {
        try (StoreSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED)) {
            long total = snapshot.eventsOnDisk();
            long changes = 0;
            EventBounds bounds = new EventBounds();
            for (WriteSet set : snapshot.memory().all()) {
                Tally tally = Tally.of(set, snapshot);
                total += tally.added();
                changes += tally.length();
                bounds.include(tally.oldest());
                bounds.include(tally.newest());
            }
            for (Order order : Order.values()) {
                byte[] position = firstOnDisk(snapshot, order);
                if (position != null) {
                    bounds.include(Rows.timestampOf(position));
                }
            }
            return new EventStoreStats(
                    total,
                    bounds.oldest(),
                    bounds.newest(),
                    snapshot.floor().evicted(),
                    late,
                    changes,
                    snapshot.memory().sets().sizeBytes(),
                    database.sizeBytes());
        }
    }

    /** How many events are below a position. One step for each. */
    long countBelow(byte[] position) {
        try (StoreSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED)) {
            return snapshot.memory().isEmpty()
                    ? snapshot.disk().countEvents(snapshot.floor().position(), position)
                    : new OldestEvents(snapshot, position).countBelow(position);
        }
    }

    /** The oldest events that are too many, so many being allowed; null if there are not more. One step for each. */
    @Nullable
    Excess excess(long allowed) {
        try (StoreSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED)) {
            long total = snapshot.eventsOnDisk();
            for (WriteSet set : snapshot.memory().all()) {
                total += Tally.of(set, snapshot).added();
            }
            if (total <= allowed) {
                return null;
            }
            byte[] oldestKept = new OldestEvents(snapshot, null).positionAfter(total - allowed);
            return oldestKept == null ? null : new Excess(oldestKept, total - allowed);
        }
    }

    /**
     * The oldest events of a store.
     *
     * @param below the position that they are below
     * @param count how many they are
     */
    record Excess(byte[] below, long count) {}

    /** Those of some ids of which nothing is left but a row on disk of an event below the floor. */
    List<byte[]> stale(List<byte[]> ids) {
        List<byte[]> stale = new ArrayList<>();
        try (StoreSnapshot snapshot = snapshot(IsolationLevel.READ_UNCOMMITTED)) {
            List<byte @Nullable []> timestamps = snapshot.disk().getAll(Table.IDS, ids);
            for (int i = 0; i < ids.size(); i++) {
                byte[] id = ids.get(i);
                byte[] timestamp = timestamps.get(i);
                if (timestamp != null
                        && snapshot.floor().hides(Rows.timestampOf(timestamp), id)
                        && snapshot.memory().get(Bytes.wrap(id)) == null) {
                    stale.add(id);
                }
            }
        }
        return stale;
    }

    /** The newest timestamp, or the smallest number there is while the store is empty. */
    long newestTimestampNanos() {
        Instant newest = stats(0).newest();
        return newest == null ? Long.MIN_VALUE : Timestamps.toNanos(newest);
    }

    private static byte @Nullable [] firstOnDisk(StoreSnapshot snapshot, Order order) {
        PositionRange all = PositionRange.from(snapshot.floor().position());
        TableCursor cursor = TableCursor.ofEvents(snapshot.disk(), all, order);
        while (cursor.position() != null && snapshot.hides(cursor.position())) {
            cursor.next();
        }
        return cursor.position();
    }

    private StoreSnapshot snapshot(IsolationLevel isolation) {
        return StoreSnapshot.of(uncommitted, database, isolation);
    }
}
