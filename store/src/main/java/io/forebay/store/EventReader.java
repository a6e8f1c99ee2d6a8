package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.WriteSet.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from what is on disk merged with what is not yet, each from one consistent snapshot.
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
        try (StoreSnapshot snapshot = snapshot()) {
            Entry entry = snapshot.memory().get(key);
            if (entry != null) {
                return Optional.<PreparedEvent<?>>ofNullable(snapshot.live(entry))
                        .map(event -> codec.deserialize(event.payload()));
            }
            byte[] timestamp = snapshot.timestampOnDisk(key);
            if (timestamp == null) {
                return Optional.empty();
            }
            byte[] payload = snapshot.disk().get(Table.EVENTS, Rows.concat(timestamp, key.get()));
            return Optional.ofNullable(payload).map(codec::deserialize);
        }
    }

    boolean contains(String id) {
        Bytes key = Bytes.wrap(EventCodec.idBytes(id));
        try (StoreSnapshot snapshot = snapshot()) {
            return snapshot.contains(key);
        }
    }

    EventPage<E> query(EventQuery<E> query) {
        try (StoreSnapshot snapshot = snapshot()) {
            QueryPlan plan = new QueryPlan(
                    TimeRange.of(query).above(snapshot.floor()),
                    query.order(),
                    query.conditions().stream().map(codec::pattern).toList());
            List<Hit> hits = memoryHits(snapshot, plan, query.order());
            PositionCursor cursor = plan.open(snapshot.disk());
            return new EventPage<>(merge(snapshot, hits, cursor, query));
        }
    }

    EventStoreStats stats(long late) {
        try (StoreSnapshot snapshot = snapshot()) {
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
                PositionCursor cursor = firstVisibleOnDisk(snapshot, order);
                if (cursor.position() != null) {
                    bounds.include(Rows.timestampOf(cursor.position()));
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
        try (StoreSnapshot snapshot = snapshot()) {
            return new OldestEvents(snapshot, position).countBelow(position);
        }
    }

    /** The position below which everything has to go so that only this many events are left; null if there are not more. */
    byte @Nullable [] positionThatLeaves(long events) {
        try (StoreSnapshot snapshot = snapshot()) {
            long total = snapshot.eventsOnDisk();
            for (WriteSet set : snapshot.memory().all()) {
                total += Tally.of(set, snapshot).added();
            }
            return total <= events ? null : new OldestEvents(snapshot, null).positionAfter(total - events);
        }
    }

    /** The newest timestamp, or the smallest number there is while the store is empty. */
    long newestTimestampNanos() {
        Instant newest = stats(0).newest();
        return newest == null ? Long.MIN_VALUE : Timestamps.toNanos(newest);
    }

    private PositionCursor firstVisibleOnDisk(StoreSnapshot snapshot, Order order) {
        TimeRange all = new TimeRange(snapshot.floor().timestampNanos(), Long.MAX_VALUE);
        PositionCursor cursor = new QueryPlan(all, order, List.of()).open(snapshot.disk());
        while (cursor.position() != null && snapshot.hides(cursor.position())) {
            cursor.next();
        }
        return cursor;
    }

    private List<E> merge(StoreSnapshot snapshot, List<Hit> hits, PositionCursor cursor, EventQuery<E> query) {
        List<E> events = new ArrayList<>();
        int nextHit = 0;
        while (events.size() < query.limit()) {
            byte[] stored = cursor.position();
            if (stored != null && snapshot.hides(stored)) {
                cursor.next();
                continue;
            }
            Hit hit = nextHit < hits.size() ? hits.get(nextHit) : null;
            if (hit != null && (stored == null || query.order().compare(hit.position, stored) < 0)) {
                events.add(codec.deserialize(hit.event.payload()));
                nextHit++;
            } else if (stored != null) {
                byte[] payload = cursor.payload();
                byte[] found = payload != null ? payload : snapshot.disk().get(Table.EVENTS, stored);
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

    private StoreSnapshot snapshot() {
        return StoreSnapshot.of(uncommitted, database);
    }

    private static List<Hit> memoryHits(StoreSnapshot snapshot, QueryPlan plan, Order order) {
        List<Hit> hits = new ArrayList<>();
        for (Entry entry : snapshot.memory().visible()) {
            PreparedEvent<?> event = snapshot.live(entry);
            if (event != null && plan.matches(event)) {
                hits.add(new Hit(event.position(), event));
            }
        }
        hits.sort((left, right) -> order.compare(left.position, right.position));
        return hits;
    }
}
