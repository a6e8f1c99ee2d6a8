package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;

/**
 * Answers queries from what is on disk merged with what is not yet, each from one consistent snapshot.
 *
 * <p><b>Snapshot.</b> The sets in memory are taken first, then RocksDB's snapshot, then the sets once more: if the store
 * has moved a set in between (it does at commits), both are taken again. In memory an id hides what disk has of it.
 *
 * <p>Thread-safe.
 */
final class EventReader<E> {

    private final EventCodec<E> codec;
    private final EventDatabase database;
    private final Supplier<Uncommitted> uncommitted;

    EventReader(EventCodec<E> codec, EventDatabase database, Supplier<Uncommitted> uncommitted) {
        this.codec = codec;
        this.database = database;
        this.uncommitted = uncommitted;
    }

    Optional<E> get(String id) {
        Bytes key = Bytes.wrap(EventCodec.idBytes(id));
        try (Snapshot snapshot = new Snapshot()) {
            Entry entry = snapshot.memory.get(key);
            if (entry != null) {
                return Optional.ofNullable(entry.event).map(event -> codec.deserialize(event.payload()));
            }
            byte[] timestamp = snapshot.disk.get(Table.IDS, key.get());
            if (timestamp == null) {
                return Optional.empty();
            }
            byte[] payload = snapshot.disk.get(Table.EVENTS, Rows.concat(timestamp, key.get()));
            return Optional.ofNullable(payload).map(codec::deserialize);
        }
    }

    boolean contains(String id) {
        Bytes key = Bytes.wrap(EventCodec.idBytes(id));
        Entry entry = uncommitted.get().view().get(key);
        return entry == null ? database.get(Table.IDS, key.get()) != null : entry.event != null;
    }

    EventPage<E> query(EventQuery<E> query) {
        QueryPlan plan = new QueryPlan(
                TimeRange.of(query),
                query.order(),
                query.conditions().stream().map(codec::pattern).toList());
        try (Snapshot snapshot = new Snapshot()) {
            List<Hit> hits = snapshot.memoryHits(plan, query.order());
            PositionCursor cursor = plan.open(snapshot.disk);
            return new EventPage<>(merge(snapshot, hits, cursor, query));
        }
    }

    EventStoreStats stats() {
        try (Snapshot snapshot = new Snapshot()) {
            long added = 0;
            long changes = 0;
            EventBounds bounds = new EventBounds();
            for (Entry entry : snapshot.memory.visible()) {
                changes++;
                boolean stored = snapshot.disk.get(Table.IDS, entry.id.get()) != null;
                if (entry.event != null) {
                    bounds.include(entry.event.timestampNanos());
                    added += stored ? 0 : 1;
                } else {
                    added -= stored ? 1 : 0;
                }
            }
            for (Order order : Order.values()) {
                PositionCursor cursor = firstVisibleOnDisk(snapshot, order);
                if (cursor.position() != null) {
                    bounds.include(Rows.timestampOf(cursor.position()));
                }
            }
            return new EventStoreStats(
                    StoreMeta.count(snapshot.disk) + added,
                    bounds.oldest(),
                    bounds.newest(),
                    changes,
                    snapshot.memory.sets().sizeBytes(),
                    database.sizeBytes());
        }
    }

    private PositionCursor firstVisibleOnDisk(Snapshot snapshot, Order order) {
        PositionCursor cursor =
                new QueryPlan(new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE), order, List.of()).open(snapshot.disk);
        while (cursor.position() != null && snapshot.memory.hides(cursor.position())) {
            cursor.next();
        }
        return cursor;
    }

    private List<E> merge(Snapshot snapshot, List<Hit> hits, PositionCursor cursor, EventQuery<E> query) {
        List<E> events = new ArrayList<>();
        int nextHit = 0;
        while (events.size() < query.limit()) {
            byte[] stored = cursor.position();
            if (stored != null && snapshot.memory.hides(stored)) {
                cursor.next();
                continue;
            }
            Hit hit = nextHit < hits.size() ? hits.get(nextHit) : null;
            if (hit != null && (stored == null || query.order().compare(hit.position, stored) < 0)) {
                events.add(codec.deserialize(hit.event.payload()));
                nextHit++;
            } else if (stored != null) {
                byte[] payload = cursor.payload();
                byte[] found = payload != null ? payload : snapshot.disk.get(Table.EVENTS, stored);
                if (found != null) {
                    events.add(codec.deserialize(found));
                }
                cursor.next();
            } else {
                break;
            }
        }
        return events;
    }

    /** An event in memory that matches a query. */
    private record Hit(byte[] position, PreparedEvent<?> event) {}

    /** Memory and disk at one moment. */
    private final class Snapshot implements AutoCloseable {

        final Uncommitted.View memory;
        final DatabaseSnapshot disk;

        Snapshot() {
            while (true) {
                Uncommitted before = uncommitted.get();
                Uncommitted.View view = before.view();
                DatabaseSnapshot snapshot = database.snapshot();
                if (uncommitted.get() == before) {
                    memory = view;
                    disk = snapshot;
                    return;
                }
                snapshot.close();
            }
        }

        List<Hit> memoryHits(QueryPlan plan, Order order) {
            List<Hit> hits = new ArrayList<>();
            for (Entry entry : memory.visible()) {
                PreparedEvent<?> event = entry.event;
                if (event != null && plan.matches(event)) {
                    hits.add(new Hit(Rows.position(event.timestampNanos(), event.id()), event));
                }
            }
            hits.sort((left, right) -> order.compare(left.position, right.position));
            return hits;
        }

        @Override
        public void close() {
            disk.close();
        }
    }
}
